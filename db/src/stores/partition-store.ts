import type { PartitionStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { writePartition } from "./row-writers.ts";

export function partitionStore(db: Kysely<Database>): PartitionStore {
  return {
    claim: (partitions) => db.transaction().execute((tx) => claim(tx, partitions)),
    async marks() {
      const rows = await db
        .selectFrom("partition_owner")
        .select(["partition_no", "mark_position"])
        .orderBy("partition_no")
        .execute();
      return rows.map(markOf);
    },
    async savedTo() {
      const highest = await db
        .selectFrom("partition_owner")
        .select((eb) => [
          eb.fn.max("mark_position").as("mark"),
          eb.fn.max("saved_position").as("saved"),
        ])
        .executeTakeFirst();
      return Math.max(highest?.mark ?? 0, highest?.saved ?? 0);
    },
  };
}

function markOf(row: { partition_no: number; mark_position: number }): {
  partition: number;
  position: number;
} {
  return { partition: row.partition_no, position: row.mark_position };
}

/** The new term is above every known one, so that no unit of an earlier owner matches any more. */
async function claim(
  tx: Kysely<Database>,
  partitions: readonly number[],
): Promise<Awaited<ReturnType<PartitionStore["claim"]>>> {
  const highest = await tx
    .selectFrom("partition_owner")
    .select((eb) => eb.fn.max("term").as("term"))
    .executeTakeFirst();
  const term = (highest?.term ?? 0) + 1;
  for (const partition of partitions) {
    const row = { partition_no: partition, term, mark_position: 0, saved_position: 0 };
    await writePartition.write(tx, row);
  }
  if (partitions.length === 0) return { term, marks: [] };
  const rows = await tx
    .selectFrom("partition_owner")
    .select(["partition_no", "mark_position"])
    .where(inList("partition_no", partitions))
    .orderBy("partition_no")
    .execute();
  return { term, marks: rows.map(markOf) };
}
