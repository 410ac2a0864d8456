import { createHmac } from "node:crypto";
import type { AuditFact, AuditHead, AuditRecord } from "../model/audit.ts";

/** What stands before the first record. */
export const AUDIT_GENESIS: string = "0".repeat(64);

/**
 * Seals a record to the one before it: HMAC-SHA256 (RFC 2104) over the predecessor's mac and the record's content in one fixed form.
 * Whoever lacks the key can neither change, drop, insert nor reorder a record unnoticed; a cut-off end is noticed by the head kept elsewhere.
 * @param before mac of the record with `seq` one less; AUDIT_GENESIS for the first
 * @returns 64 hex digits
 */
export function auditMac(key: Buffer, before: string, seq: number, fact: AuditFact): string {
  return createHmac("sha256", key)
    .update(`${before}\n${contentOf(seq, fact)}`)
    .digest("hex");
}

/** The facts in their places behind `head` (null: the first ones). */
export function chained(
  key: Buffer,
  head: Pick<AuditHead, "seq" | "mac"> | null,
  facts: readonly AuditFact[],
): readonly AuditRecord[] {
  let seq = head?.seq ?? 0;
  let mac = head?.mac ?? AUDIT_GENESIS;
  return facts.map((fact) => {
    seq += 1;
    mac = auditMac(key, mac, seq, fact);
    return { ...fact, seq, mac };
  });
}

/** One text, one meaning: an array in a fixed order, the detail's keys sorted. */
function contentOf(seq: number, fact: AuditFact): string {
  const detail = Object.entries(fact.detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    seq,
    fact.at,
    fact.actorKind,
    fact.actorId,
    fact.action,
    fact.subjectKind,
    fact.subjectId,
    fact.teamId,
    detail,
  ]);
}
