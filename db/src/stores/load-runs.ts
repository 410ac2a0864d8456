import {
  FAILED_SHOWN_MS,
  LIMITS,
  RECENT_MS,
  type JobStore,
  type NewestRun,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";

type RunMethods = Pick<JobStore, "newestRuns" | "recentRuns">;

/** What a shard needs of stored runs when it starts. */
export function runMethods(db: Kysely<Database>): RunMethods {
  return {
    newestRuns: async (jobIds) => {
      const found: { readonly jobId: string; readonly runs: readonly NewestRun[] }[] = [];
      for (const jobId of jobIds.slice(0, LIMITS.jobsRebuiltAtOnce)) {
        found.push({ jobId, runs: await newestRuns(db, jobId) });
      }
      return found;
    },
    recentRuns: (partitions, now, after) => recentRuns(db, partitions, now, after),
  };
}

async function newestRuns(db: Kysely<Database>, jobId: string): Promise<readonly NewestRun[]> {
  const rows = await db
    .selectFrom("job_run")
    .select(["attempt", "restarted_from", "cleared_by", "summary"])
    .where("job_id", "=", jobId)
    .orderBy("ordered_at", "desc")
    .orderBy("execution_id", "desc")
    .limit(LIMITS.digestsPerJob)
    .execute();
  return rows.map((row) => ({
    attempt: row.attempt,
    restartedFrom: row.restarted_from,
    clearedBy: row.cleared_by,
    summary: row.summary,
  }));
}

const recentRuns = async (
  db: Kysely<Database>,
  ...[partitions, now, after]: Parameters<JobStore["recentRuns"]>
): ReturnType<JobStore["recentRuns"]> => {
  if (partitions.length === 0) return [];
  let query = db
    .selectFrom("job_run as r")
    .innerJoin("job_state as s", "s.job_id", "r.job_id")
    .select([
      "r.execution_id",
      "r.job_id",
      "r.ordered_at",
      "r.attempt",
      "r.cleared_by",
      "r.summary",
    ])
    .where(inList("s.partition_no", partitions))
    .where("r.ordered_at", ">", now - 2 * FAILED_SHOWN_MS)
    .where((eb) =>
      eb.or([
        eb("r.ended_at", ">", now - RECENT_MS),
        eb.and([eb("r.state", "=", "failed"), eb("r.ended_at", ">", now - FAILED_SHOWN_MS)]),
        eb.and([eb("r.ended_at", "is", null), eb("r.last_fact_at", ">", now - FAILED_SHOWN_MS)]),
      ]),
    )
    .orderBy("r.ordered_at")
    .orderBy("r.execution_id")
    .limit(DB_LIMITS.statePage);
  if (after !== null) {
    const { orderedAt, executionId } = after;
    query = query
      .where("r.ordered_at", ">=", orderedAt)
      .where((eb) =>
        eb.or([eb("r.ordered_at", ">", orderedAt), eb("r.execution_id", ">", executionId)]),
      );
  }
  return (await query.execute()).map((row) => ({
    executionId: row.execution_id,
    jobId: row.job_id,
    orderedAt: row.ordered_at,
    attempt: row.attempt,
    clearedBy: row.cleared_by,
    summary: row.summary,
  }));
};
