import { LIMITS, type RunColumns, type RunSave, type TransitionRow } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
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
 * Writes a run and answers it as it now stands. With `shared`, two owners may know parts of it (a rename is
 * under way), so that what is stored is never replaced by less.
 */
export async function saveRun(
  tx: Kysely<Database>,
  run: RunSave,
  join: JoinSummaries,
  shared: boolean,
): Promise<SavedRun> {
  const { jobId, executionId } = run.columns;
  const looked = run.mode === "amend" || shared;
  const stored = looked ? await storedRun(tx, executionId) : null;
  if (stored === null || (run.mode === "put" && holdsAll(run.summary, stored.summary, join))) {
    await writeRun.write(tx, runRowOf(run.columns, run.summary));
    return { columns: run.columns, summary: run.summary, grew: false };
  }
  const joined = join(stored.summary, run.summary);
  // What only the run's neighbours say of it is not in its summary: it stays as it is stored.
  const columns: RunColumns = { ...joined.columns, ...stored.standing, jobId };
  await writeRun.write(tx, runRowOf(columns, joined.summary));
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
  for (const transition of transitions) {
    await writeTransition.write(tx, transitionRowOf(transition));
  }
  for (const executionId of new Set(transitions.map((transition) => transition.executionId))) {
    await dropOldTransitions(tx, executionId);
  }
}

const countTransitions = fixedQuery((db, [executionId = ""]: readonly string[]) =>
  db
    .selectFrom("run_transition")
    .select((eb) => eb.fn.countAll().as("rows"))
    .where("execution_id", "=", executionId),
);

async function dropOldTransitions(tx: Kysely<Database>, executionId: string): Promise<void> {
  const [counted] = await countTransitions(tx, [executionId]);
  const surplus = Number(counted?.rows ?? 0) - LIMITS.transitionsPerRun;
  if (surplus <= 0) return;
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
