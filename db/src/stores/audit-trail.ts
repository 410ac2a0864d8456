import { type AuditFact, type AuditHead, chained, LIMITS } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";

/** Appends to the audit trail inside the transaction of what it tells of: both are kept, or neither. */
export interface AuditTrail {
  append(tx: Kysely<Database>, facts: readonly AuditFact[]): Promise<AuditHead | null>;
}

/** @param key secret bytes that are not in the store (32 bytes) */
export function auditTrail(key: Buffer): AuditTrail {
  return {
    async append(tx, facts) {
      const head = await readHead(tx);
      const records = chained(key, head, facts.map(bounded));
      for (const record of records) {
        await tx
          .insertInto("audit_record")
          .values({
            seq: record.seq,
            happened_at: record.at,
            actor_kind: record.actorKind,
            actor_id: record.actorId,
            action: record.action,
            subject_kind: record.subjectKind,
            subject_id: record.subjectId,
            team_id: record.teamId,
            detail: JSON.stringify(record.detail),
            mac: record.mac,
          })
          .execute();
      }
      const last = records.at(-1);
      return last === undefined ? head : { seq: last.seq, mac: last.mac, at: last.at };
    },
  };
}

export async function readHead(db: Kysely<Database>): Promise<AuditHead | null> {
  const row = await db
    .selectFrom("audit_record")
    .select(["seq", "mac", "happened_at"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { seq: row.seq, mac: row.mac, at: row.happened_at };
}

/** What does not fit is told to be cut: a record must never fail for its length. */
function bounded(fact: AuditFact): AuditFact {
  const subjectId = fact.subjectId?.slice(0, 200) ?? null;
  if (JSON.stringify(fact.detail).length <= LIMITS.auditDetailLength) return { ...fact, subjectId };
  const detail = Object.fromEntries(
    Object.entries(fact.detail).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, 100) : value,
    ]),
  );
  const small = JSON.stringify(detail).length <= LIMITS.auditDetailLength - 20;
  return { ...fact, subjectId, detail: small ? { ...detail, cut: true } : { cut: true } };
}
