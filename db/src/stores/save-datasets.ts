import { contentIdOf, type DatasetUse } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList } from "../dialects/in-list.ts";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import type { JobDatasetTable } from "../schema/lineage-tables.ts";

const writeDatasetOnce = rowWriter("job_dataset", ["job_id", "direction", "dataset_key"], {
  job_id: "keep",
  direction: "keep",
  dataset_key: "keep",
  dataset: "keep",
  met_at: "keep",
});

/** Datasets that a unit says its job reads and writes. */
export interface MetDatasets {
  readonly jobId: string;
  readonly uses: readonly DatasetUse[];
  readonly metAt: number;
}

const datasetsOf = fixedQuery((db, jobIds: readonly string[]) =>
  db
    .selectFrom("job_dataset")
    .select(["job_id", "direction", "dataset_key"])
    .where(inList("job_id", jobIds)),
);

/** Writes the datasets of a piece that are new: one read where, as nearly always, none is. */
export async function saveDatasets(
  tx: Kysely<Database>,
  met: readonly MetDatasets[],
): Promise<void> {
  const known = new Map<string, Set<string>>();
  for (const { jobId } of met) known.set(jobId, new Set());
  if (known.size === 0) return;
  const rows = await datasetsOf(tx, [...known.keys()]);
  for (const row of rows) known.get(row.job_id)?.add(`${row.direction} ${row.dataset_key}`);
  for (const { jobId, uses, metAt } of met) {
    const ofJob = known.get(jobId) ?? new Set();
    const before = ofJob.size;
    for (const { direction, dataset } of uses) {
      const row: JobDatasetTable = {
        job_id: jobId,
        direction,
        dataset_key: contentIdOf(dataset),
        dataset,
        met_at: metAt,
      };
      const key = `${direction} ${row.dataset_key}`;
      if (ofJob.has(key)) continue;
      ofJob.add(key);
      await writeDatasetOnce.write(tx, row);
    }
    if (ofJob.size > before) await dropOldDatasets(tx, jobId, ofJob.size);
  }
}

/** Names with a date in them never end: the ones met first go, and come back should they be met again. */
async function dropOldDatasets(tx: Kysely<Database>, jobId: string, count: number): Promise<void> {
  const surplus = count - DB_LIMITS.datasetsPerJob;
  if (surplus <= 0) return;
  const oldest = await tx
    .selectFrom("job_dataset")
    .select(["direction", "dataset_key"])
    .where("job_id", "=", jobId)
    .orderBy("met_at")
    .orderBy("dataset_key")
    .orderBy("direction")
    .limit(surplus)
    .execute();
  for (const { direction, dataset_key } of oldest) {
    await tx
      .deleteFrom("job_dataset")
      .where("job_id", "=", jobId)
      .where("direction", "=", direction)
      .where("dataset_key", "=", dataset_key)
      .execute();
  }
}

/** What the other job read and wrote, this one does: the other is about to go, and its rows with it. */
export async function takeDatasets(
  tx: Kysely<Database>,
  jobId: string,
  otherId: string,
): Promise<void> {
  const rows = await tx
    .selectFrom("job_dataset")
    .selectAll()
    .where("job_id", "=", otherId)
    .execute();
  for (const row of rows) await writeDatasetOnce.write(tx, { ...row, job_id: jobId });
}
