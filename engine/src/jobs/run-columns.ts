import type { RunState } from "../model/run.ts";
import type { RunColumns } from "../ports/stores.ts";
import { decodeSummary, encodeSummary } from "./summary-codec.ts";
import { joinSummary } from "./join.ts";
import { durationOf, instanceKeyOf, type Neighbours, orderedAtOf, stateOf } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";

/**
 * The run's own counter where it states one, else the largest of its stages'. Stages often pass the same rows
 * on, so a sum would count them again.
 */
export function counterOf(run: RunSummary, name: "read" | "written" | "skipped"): number | null {
  const own = run.counters?.value[name];
  if (own !== undefined) return own;
  let largest: number | null = null;
  for (const stage of run.stages.values()) {
    const value = stage.counters?.value[name];
    if (value !== undefined) largest = Math.max(largest ?? 0, value);
  }
  return largest;
}

/** What is wrong, in the job's own (masked) words: the end's message, else the newest error's. */
export function messageOf(run: RunSummary): string | null {
  return run.end?.message ?? run.errors[0]?.message ?? null;
}

const ALONE: Neighbours = { attempt: 1, restartedFrom: null, clearedBy: null };

/**
 * The searchable columns of a run. Without its job's other runs, attempt and predecessor are unknown: 1 and null.
 * @param shown the state of an open run as a clock says it; of an ended one, and when left out, the facts say it
 */
export function columnsOf(
  run: RunSummary,
  { attempt, restartedFrom, clearedBy }: Neighbours = ALONE,
  shown?: RunState,
): RunColumns {
  return {
    executionId: run.executionId,
    jobId: run.jobId,
    runKey: run.runKey,
    state: run.end === null ? (shown ?? stateOf(run)) : run.end.state,
    instanceKey: instanceKeyOf(run),
    attempt,
    restartedFrom,
    clearedBy,
    businessDate: run.businessDate?.value.day ?? null,
    businessDateOrigin: run.businessDate?.value.origin ?? null,
    triggerKind: attempt > 1 ? "RERUN" : "SCHEDULED",
    timeQuality: run.clamped ? "CLAMPED" : "EXACT",
    host: run.host?.value ?? null,
    appVersion: run.appVersion?.value ?? null,
    parentExecutionId: run.parent?.value.executionId ?? null,
    nominalAt: run.nominalAt?.value ?? run.scheduledAt,
    startedAt: run.startedAt,
    endedAt: run.end?.at ?? null,
    durationMs: durationOf(run),
    lastFactAt: run.lastFactAt,
    orderedAt: orderedAtOf(run),
    readCount: counterOf(run, "read"),
    writtenCount: counterOf(run, "written"),
    skippedCount: counterOf(run, "skipped"),
    message: messageOf(run),
  };
}

/** What a store calls to save a run it already holds: both texts joined, and the columns of the result. */
export function joinStoredSummaries(
  stored: string,
  incoming: string,
): { columns: RunColumns; summary: string } {
  const run = decodeSummary(stored);
  joinSummary(run, decodeSummary(incoming));
  return { columns: columnsOf(run), summary: encodeSummary(run) };
}
