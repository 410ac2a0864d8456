import { LIMITS, type MaskedDay, type MaskKind, type SourceStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";

type MaskingMethods = Pick<SourceStore, "countMasked" | "maskedCounts">;

const addCounts = rowWriter("masked_count", ["source_id", "day", "kind"], {
  source_id: "keep",
  day: "keep",
  kind: "keep",
  hidden_count: "sum",
  kept_count: "sum",
});

/** How much was hidden of which kind, by source and day: evidence that the masker works, and on what. */
export function maskingMethods(db: Kysely<Database>): MaskingMethods {
  return {
    countMasked: (days) => db.transaction().execute((tx) => countMasked(tx, days)),
    maskedCounts: (sourceId, days) => readCounts(db, sourceId, days),
  };
}

async function countMasked(tx: Kysely<Database>, days: readonly MaskedDay[]): Promise<void> {
  for (const { sourceId, day, kind, hidden, kept } of days) {
    await addCounts.write(tx, {
      source_id: sourceId,
      day,
      kind,
      hidden_count: hidden,
      kept_count: kept,
    });
  }
  for (const sourceId of new Set(days.map((one) => one.sourceId))) await dropOldest(tx, sourceId);
}

async function dropOldest(tx: Kysely<Database>, sourceId: string): Promise<void> {
  const kept = await newestDays(tx, sourceId, LIMITS.maskCountDays).execute();
  const oldest = kept.at(-1);
  if (oldest === undefined || kept.length < LIMITS.maskCountDays) return;
  await tx
    .deleteFrom("masked_count")
    .where("source_id", "=", sourceId)
    .where("day", "<", oldest.day)
    .execute();
}

function newestDays(db: Kysely<Database>, sourceId: string, limit: number) {
  return db
    .selectFrom("masked_count")
    .select("day")
    .distinct()
    .where("source_id", "=", sourceId)
    .orderBy("day", "desc")
    .limit(limit);
}

async function readCounts(
  db: Kysely<Database>,
  sourceId: string,
  days: number,
): Promise<readonly MaskedDay[]> {
  const most = Math.max(1, Math.min(days, LIMITS.maskCountDays));
  const newest = await newestDays(db, sourceId, most).execute();
  const first = newest.at(-1)?.day;
  if (first === undefined) return [];
  const rows = await db
    .selectFrom("masked_count")
    .selectAll()
    .where("source_id", "=", sourceId)
    .where("day", ">=", first)
    .orderBy("day", "desc")
    .orderBy("kind")
    .execute();
  return rows.map((row) => ({
    sourceId: row.source_id,
    day: row.day,
    kind: row.kind as MaskKind,
    hidden: row.hidden_count,
    kept: row.kept_count,
  }));
}
