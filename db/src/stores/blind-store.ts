import type { BlindInterval, BlindStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { BlindIntervalTable } from "../schema/settings-tables.ts";

const writeInterval = rowWriter("blind_interval", ["interval_id"], {
  interval_id: "keep",
  source_id: "keep",
  reason: "keep",
  from_at: "replace",
  until_at: "replace",
});

export function blindStore(db: Kysely<Database>): BlindStore {
  return {
    async recent(since) {
      const rows = await db
        .selectFrom("blind_interval")
        .selectAll()
        .where((eb) => eb.or([eb("until_at", "is", null), eb("until_at", ">=", since)]))
        .orderBy("from_at")
        .orderBy("interval_id")
        .execute();
      return rows.map(intervalOf);
    },
    async put(interval) {
      await writeInterval.write(db, {
        interval_id: interval.intervalId,
        source_id: interval.sourceId,
        reason: interval.reason,
        from_at: interval.from,
        until_at: interval.until,
      });
    },
  };
}

function intervalOf(row: BlindIntervalTable): BlindInterval {
  return {
    intervalId: row.interval_id,
    sourceId: row.source_id,
    reason: row.reason,
    from: row.from_at,
    until: row.until_at,
  };
}
