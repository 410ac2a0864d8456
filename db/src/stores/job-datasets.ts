import { LIMITS, type DatasetUse, type NeighbourJob } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";

/** Jobs that write what this one reads, by id. */
export async function upstreamOf(db: Kysely<Database>, jobId: string): Promise<readonly string[]> {
  return (await neighbours(db, jobId, "in", "out")).map((job) => job.jobId);
}

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
  const rows = await db
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
    .limit(LIMITS.upstreamJobs)
    .execute();
  return rows.map((row) => ({ jobId: row.job_id, name: row.name, teamId: row.owner_team_id }));
}
