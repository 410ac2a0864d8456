import { LIMITS, type RunColumns, type RunSave, type TransitionRow } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { JobRunTable } from "../schema/run-tables.ts";
import { writeRun, writeTransition } from "./row-writers.ts";
import { runRowOf, transitionRowOf } from "./run-rows.ts";
import type { JoinSummaries } from "./unit-store.ts";

/** A run as it now stands; `grew`: the store held more of it than was given. */
export interface SavedRun {
  readonly columns: RunColumns;
  readonly summary: string;
  readonly grew: boolean;
}

/**
 * Writes runs in their order and answers each as it now stands. Of jobs in `shared` two owners may know parts of a
 * run (a rename is under way), so that what is stored is never replaced by less.
 */
export async function saveRuns(
  tx: Kysely<Database>,
  runs: readonly RunSave[],
  join: JoinSummaries,
  shared: ReadonlySet<string>,
): Promise<readonly SavedRun[]> {
  const saved: SavedRun[] = [];
  let rows: JobRunTable[] = [];
  for (const run of runs) {
    const { columns, summary } = run;
    const isLookedAt = run.mode === "amend" || shared.has(columns.jobId);
    let now: SavedRun = { columns, summary, grew: false };
    if (isLookedAt) {
      // What is stored may be of these.
      await writeRun.writeAll(tx, rows);
      rows = [];
      now = await joinedRun(tx, run, join);
    }
    rows.push(runRowOf(now.columns, now.summary));
    saved.push(now);
  }
  await writeRun.writeAll(tx, rows);
  return saved;
}

async function joinedRun(
  tx: Kysely<Database>,
  run: RunSave,
  join: JoinSummaries,
): Promise<SavedRun> {
  const { jobId, executionId } = run.columns;
  const stored = await storedRun(tx, executionId);
  if (stored === null || (run.mode === "put" && holdsAll(run.summary, stored.summary, join))) {
    return { columns: run.columns, summary: run.summary, grew: false };
  }
  const joined = join(stored.summary, run.summary);
  // What only the run's neighbours say of it is not in its summary: it stays as it is stored.
  const columns: RunColumns = { ...joined.columns, ...stored.standing, jobId };
  return { columns, summary: joined.summary, grew: true };
}

/** Joining adds nothing: the given summary holds everything that the stored one does. */
function holdsAll(given: string, stored: string, join: JoinSummaries): boolean {
  return join(given, stored).summary === join(given, given).summary;
}

async function storedRun(
  tx: Kysely<Database>,
  executionId: string,
): Promise<{
  readonly summary: string;
  readonly standing: Pick<RunColumns, "attempt" | "restartedFrom" | "clearedBy" | "triggerKind">;
} | null> {
  const row = await tx
    .selectFrom("job_run")
    .select(["summary", "attempt", "restarted_from", "cleared_by", "trigger_kind"])
    .where("execution_id", "=", executionId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    summary: row.summary,
    standing: {
      attempt: row.attempt,
      restartedFrom: row.restarted_from,
      clearedBy: row.cleared_by,
      triggerKind: row.trigger_kind,
    },
  };
}

/** Repeats keep the earliest receipt. Of each run the newest `LIMITS.transitionsPerRun` stay. */
export async function saveTransitions(
  tx: Kysely<Database>,
  transitions: readonly TransitionRow[],
): Promise<void> {
  if (transitions.length === 0) return;
  await writeTransition.writeAll(tx, transitions.map(transitionRowOf));
  const ids = new Set(transitions.map(({ executionId }) => executionId));
  for (const row of await transitionCounts(tx, padded([...ids]))) {
    const surplus = Number(row.rows) - LIMITS.transitionsPerRun;
    if (surplus > 0) await dropOldTransitions(tx, row.execution_id, surplus);
  }
}

const transitionCounts = fixedQuery((db, executionIds: readonly string[]) =>
  db
    .selectFrom("run_transition")
    .select(["execution_id", (eb) => eb.fn.countAll().as("rows")])
    .where(inList("execution_id", executionIds))
    .groupBy("execution_id"),
);

async function dropOldTransitions(
  tx: Kysely<Database>,
  executionId: string,
  surplus: number,
): Promise<void> {
  const oldest = await tx
    .selectFrom("run_transition")
    .select("fact_id")
    .where("execution_id", "=", executionId)
    .orderBy("occurred_at")
    .orderBy("fact_id")
    .limit(surplus)
    .execute();
  await tx
    .deleteFrom("run_transition")
    .where("execution_id", "=", executionId)
    .where(
      inList(
        "fact_id",
        oldest.map((row) => row.fact_id),
      ),
    )
    .execute();
}
