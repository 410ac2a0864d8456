import {
  AUDIT_GENESIS,
  auditMac,
  type PruneStep,
  signedAnchor,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { readAnchor, recordOf } from "./audit-rows.ts";

export interface PrunedAudit {
  readonly removed: number;
  /** The place of the last that went; null: none did. */
  readonly upTo: number | null;
  /** There may be more to remove. */
  readonly more: boolean;
}

/**
 * Removes the oldest records, those of before `before`, and seals the place where the rest begins. The newest record stays. A record that is
 * not what was written, and everything behind it, stays for whoever looks into that: fails with `refused`.
 */
export async function pruneAudit(
  tx: Kysely<Database>,
  key: Buffer,
  { before, limit, now }: PruneStep,
): Promise<PrunedAudit> {
  const anchor = await readAnchor(tx);
  const rows = await tx
    .selectFrom("audit_record")
    .selectAll()
    .orderBy("seq")
    .limit(limit + 1)
    .execute();
  const kept = rows.findIndex((row) => row.happened_at >= before);
  // One more than the limit was read, so what is cut off here is the newest record or a later piece's.
  const old = rows.slice(0, kept === -1 ? rows.length - 1 : kept);
  let seq = anchor?.seq ?? 0;
  let mac = anchor?.mac ?? AUDIT_GENESIS;
  for (const record of old.map(recordOf)) {
    if (record.seq !== seq + 1 || auditMac(key, mac, record.seq, record) !== record.mac) {
      throw new StoreError(
        "refused",
        `The audit trail is broken at record ${record.seq}: nothing of it is removed. See: batchwatch audit verify`,
      );
    }
    ({ seq, mac } = record);
  }
  const last = old.at(-1);
  if (last === undefined) return { removed: 0, upTo: null, more: false };
  const { seal } = signedAnchor(key, { seq, mac, at: last.happened_at }, now);
  await tx.insertInto("audit_anchor").values({ seq, mac, removed_at: now, seal }).execute();
  await tx.deleteFrom("audit_record").where("seq", "<=", seq).execute();
  return { removed: old.length, upTo: seq, more: old.length === limit };
}
