import { LIMITS } from "@batchwatch/engine";
import { z } from "zod";

export const commandId: z.ZodUUID = z.uuid();

/** What every change that needs a second person is asked with. */
export const asking = {
  commandId,
  reason: z.string().trim().max(LIMITS.reasonLength).default(""),
  breakGlass: z.boolean().default(false),
};
