import { LIMITS, type DatasetUse, type NeighbourJob, type UpstreamJobs } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";

/** Jobs that write what each of these reads, by id: one read where, as mostly, none of them is known to read anything. */
export async function upstreamOf(
  db: Kysely<Database>,
  jobIds: readonly string[],
): Promise<readonly UpstreamJobs[]> {
  if (jobIds.length === 0) return [];
  const rows = await readersAmong(db, padded(jobIds));
  const readers = new Set(rows.map((row) => row.job_id));
  const found: UpstreamJobs[] = [];
  for (const jobId of jobIds) {
    const jobs = readers.has(jobId) ? await neighbours(db, jobId, "in", "out") : [];
    found.push({ jobId, upstream: jobs.map((job) => job.jobId) });
  }
  return found;
}

const readersAmong = fixedQuery((db, jobIds: readonly string[]) =>
  db
    .selectFrom("job_dataset")
    .select("job_id")
    .distinct()
    .where(inList("job_id", jobIds))
    .where("direction", "=", "in"),
);

/** Jobs that read what this one writes. */
export function downstreamOf(
  db: Kysely<Database>,
  jobId: string,
): Promise<readonly NeighbourJob[]> {
  return neighbours(db, jobId, "out", "in");
}

async function neighbours(
  db: Kysely<Database>,
  jobId: string,
  own: DatasetUse["direction"],
  theirs: DatasetUse["direction"],
): Promise<readonly NeighbourJob[]> {
  const rows = await neighboursOf(db, [jobId, own, theirs]);
  return rows.map((row) => ({ jobId: row.job_id, name: row.name, teamId: row.owner_team_id }));
}

type Neighbours = readonly [
  jobId: string,
  own: DatasetUse["direction"],
  theirs: DatasetUse["direction"],
];

const neighboursOf = fixedQuery((db, [jobId, own, theirs]: Neighbours) =>
  db
    .selectFrom("job_dataset as own")
    .innerJoin("job_dataset as other", "other.dataset_key", "own.dataset_key")
    .innerJoin("job as j", "j.job_id", "other.job_id")
    .select(["j.job_id", "j.name", "j.owner_team_id"])
    .distinct()
    .where("own.job_id", "=", jobId)
    .where("own.direction", "=", own)
    .where("other.direction", "=", theirs)
    .where("other.job_id", "<>", jobId)
    .orderBy("j.job_id")
    .limit(LIMITS.upstreamJobs),
);
