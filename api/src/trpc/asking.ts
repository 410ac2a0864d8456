import { LIMITS } from "@batchwatch/engine";
import { z } from "zod";
import { words } from "./words.ts";

export const commandId: z.ZodUUID = z.uuid();

/** What every change that needs a second person is asked with. */
export const asking = {
  commandId,
  reason: words(LIMITS.reasonLength).default(""),
  breakGlass: z.boolean().default(false),
};
