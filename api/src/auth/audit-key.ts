import type { Seal } from "./seal.ts";

/**
 * What the audit trail is sealed with (engine `audit/chain.ts`): derived from the secret file, never in the store. Every program that
 * appends or verifies takes it from here, so that they agree. It stays when the key changes: the trail is one chain.
 */
export function auditKeyOf(seal: Seal): Buffer {
  return seal.deriveLasting("audit");
}
