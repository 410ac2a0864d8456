import { LIMITS, type RunColumns, type RunSave, type TransitionRow } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { writeRun, writeTransition } from "./row-writers.ts";
import { runRowOf, transitionRowOf } from "./run-rows.ts";
import type { JoinSummaries } from "./unit-store.ts";

/** Writes a run and answers it as it now stands. */
export async function saveRun(
  tx: Kysely<Database>,
  run: RunSave,
  join: JoinSummaries,
): Promise<{ columns: RunColumns; summary: string }> {
  const { columns, summary } = run.mode === "amend" ? await amended(tx, run, join) : run;
  await writeRun.write(tx, runRowOf(columns, summary));
  return { columns, summary };
}

/** Joined with what is stored, which also keeps what only the run's neighbours say of it. */
async function amended(
  tx: Kysely<Database>,
  run: RunSave,
  join: JoinSummaries,
): Promise<{ columns: RunColumns; summary: string }> {
  const stored = await tx
    .selectFrom("job_run")
    .select(["summary", "attempt", "restarted_from", "cleared_by", "trigger_kind"])
    .where("execution_id", "=", run.columns.executionId)
    .executeTakeFirst();
  if (stored === undefined) return run;
  const joined = join(stored.summary, run.summary);
  const columns: RunColumns = {
    ...joined.columns,
    attempt: stored.attempt,
    restartedFrom: stored.restarted_from,
    clearedBy: stored.cleared_by,
    triggerKind: stored.trigger_kind,
  };
  return { columns, summary: joined.summary };
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

async function dropOldTransitions(tx: Kysely<Database>, executionId: string): Promise<void> {
  const counted = await tx
    .selectFrom("run_transition")
    .select((eb) => eb.fn.countAll().as("rows"))
    .where("execution_id", "=", executionId)
    .executeTakeFirst();
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
