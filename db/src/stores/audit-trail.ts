import {
  type AuditFact,
  type AuditHead,
  chained,
  LIMITS,
  type PruneStep,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import { readHead } from "./audit-rows.ts";
import { factBy } from "./person-facts.ts";
import { pruneAudit, type PrunedAudit } from "./prune-audit.ts";

/** Appends to the audit trail inside the transaction of what it tells of: both are kept, or neither. */
export interface AuditTrail {
  append(tx: Kysely<Database>, facts: readonly AuditFact[]): Promise<AuditHead | null>;
  /** Removes the oldest records from before `before`, at most `limit`, seals where the rest begins, and records that it did. */
  prune(tx: Kysely<Database>, step: PruneStep): Promise<PrunedAudit>;
}

export const APPENDED = "audit_seq";

const writeAppended = rowWriter("store_meta", ["meta_key"], {
  meta_key: "keep",
  text_value: "keep",
  int_value: "larger",
});

/** @param key secret bytes that are not in the store (32 bytes) */
export function auditTrail(key: Buffer): AuditTrail {
  const trail: AuditTrail = {
    async prune(tx, step) {
      const pruned = await pruneAudit(tx, key, step);
      const { removed, upTo } = pruned;
      if (removed === 0) return pruned;
      const { days = null, setBy = null } = step.rule ?? {};
      const detail = { upTo, removed, days, setBy };
      const subject = { subjectKind: "audit", subjectId: null } as const;
      const fact = factBy("service", { at: step.now, action: "audit-pruned", ...subject, detail });
      await trail.append(tx, [fact]);
      return pruned;
    },
    async append(tx, facts) {
      const head = await readHead(tx);
      const records = chained(key, head, facts.map(fitting));
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
      if (last === undefined) return head;
      const { seq, mac, at } = last;
      await writeAppended.write(tx, { meta_key: APPENDED, text_value: null, int_value: seq });
      return { seq, mac, at };
    },
  };
  return trail;
}

/** A store opened for reading, or by a program without the key, must not be able to add to the trail. */
export function keylessTrail(): AuditTrail {
  const refuse = () =>
    Promise.reject(new Error("The store was opened without the key of its audit trail."));
  return { append: refuse, prune: refuse };
}

/**
 * A fact as the database gives it back to the letter, or its seal would not fit it any more. What is too long is told to be cut: a record
 * must never fail for its length.
 */
function fitting(fact: AuditFact): AuditFact {
  return {
    ...fact,
    at: Math.trunc(fact.at),
    actorId: kept(fact.actorId, 64) ?? "unknown",
    subjectKind: kept(fact.subjectKind, 40),
    subjectId: kept(fact.subjectId, 200),
    teamId: kept(fact.teamId, 100),
    detail: fittingDetail(fact.detail),
  };
}

/** Empty text is NULL; half a surrogate pair does not come back from UTF-8. */
function kept(text: string | null, most: number): string | null {
  return text === null || text === "" ? null : wellFormed(text.slice(0, most));
}

function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

function fittingDetail(given: AuditFact["detail"]): AuditFact["detail"] {
  const detail = JSON.parse(wellFormed(JSON.stringify(given))) as AuditFact["detail"];
  if (JSON.stringify(detail).length <= LIMITS.auditDetailLength) return detail;
  const short = Object.entries(detail).map(([key, value]) => [
    key,
    typeof value === "string" ? wellFormed(value.slice(0, 100)) : value,
  ]);
  const cut = { ...Object.fromEntries(short), cut: true };
  return JSON.stringify(cut).length <= LIMITS.auditDetailLength ? cut : { cut: true };
}
