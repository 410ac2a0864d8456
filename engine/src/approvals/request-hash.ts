import { createHash } from "node:crypto";
import type { ProposedChange } from "../model/change-request.ts";
import { canonical, type Json } from "./canonical.ts";
import type { Standing } from "./standing.ts";

/**
 * What is approved: SHA-256 over exactly this change on exactly this state before it, in one canonical form (EYES-3).
 * @returns 64 hex digits
 */
export function requestHash({ kind, payload }: ProposedChange, before: Standing): string {
  const { fields, context } = before;
  const said: Json = ["batchwatch change request 1", kind, payload as Json, { fields, context }];
  return createHash("sha256").update(canonical(said)).digest("hex");
}
