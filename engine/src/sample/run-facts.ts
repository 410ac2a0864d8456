import type { Counters } from "../model/run.ts";
import type { NativeObservation, TimedObservation } from "./native-observation.ts";
import { ANNOUNCED_MS } from "./night-plan.ts";
import { commitsOf, type PlannedRun, type PlannedStage } from "./planned-run.ts";
import { SAMPLE_JOBS, SAMPLE_NAMESPACE, type SampleJob } from "./sample-job.ts";

/** One row in so many is skipped by a job's own rules. */
const SKIPPED_ONE_IN = 4_000;

/** Counters after so many rows were read. */
export function countersOf(read: number): Counters {
  const skipped = Math.floor(read / SKIPPED_ONE_IN);
  return { read, written: read - skipped, skipped };
}

/** What every observation of a run says about it. */
export function headOf(
  job: SampleJob,
  runId: string,
  parentRunId: string | null,
): Pick<NativeObservation, "job" | "run"> {
  const own = { namespace: SAMPLE_NAMESPACE, name: job.name, team: job.team };
  if (job.parent === null || parentRunId === null) return { job: own, run: { id: runId } };
  const parent = {
    job: { namespace: SAMPLE_NAMESPACE, name: job.parent },
    run: { id: parentRunId },
  };
  return { job: own, run: { id: runId, parent } };
}

/** What a run reads and writes: the output of a job is the input of those after it. */
export function datasetsOf(
  job: SampleJob,
  rows: number | null,
): NonNullable<NativeObservation["datasets"]> {
  const sources = job.parent === null ? job.after : (SAMPLE_JOBS.get(job.parent)?.after ?? []);
  const inputs = sources.flatMap((name) => SAMPLE_JOBS.get(name)?.output ?? []);
  return { in: inputs, out: [rows === null ? job.output : { ...job.output, rows }] };
}

/** Rows read until then; time within the pause does not count. */
function readUntil(stage: PlannedStage, atMs: number): number {
  const { pause } = stage;
  const pausedMs = pause === null ? 0 : Math.min(pause.forMs, Math.max(0, atMs - pause.fromMs));
  const workMs = stage.endsMs - stage.startsMs - (pause?.forMs ?? 0);
  return Math.round((stage.rows * stage.reached * (atMs - stage.startsMs - pausedMs)) / workMs);
}

/** Everything that is said about one run, in order. */
export function factsOf(
  run: PlannedRun,
  businessDate: string,
  timeOf: (planMs: number) => number,
): readonly TimedObservation[] {
  const facts: TimedObservation[] = [];
  const head = headOf(run.job, run.runId, run.parentRunId);
  const params = { businessDate };
  const add = (
    occursMs: number,
    body: Omit<NativeObservation, "job" | "run" | "at">,
    sentMs = occursMs,
  ): void => {
    const at = new Date(timeOf(occursMs)).toISOString();
    facts.push({ at: timeOf(sentMs), body: { ...head, at, ...body } });
  };
  if (run.attempt === 1) {
    add(run.nominalMs, { kind: "scheduled", params }, run.nominalMs - ANNOUNCED_MS);
  }
  const ending = {
    ...(run.message === null ? {} : { message: run.message }),
    ...(run.exitCode === null ? {} : { exitCode: run.exitCode }),
  };
  if (run.startsMs === null) {
    add(run.endsMs, { kind: run.outcome, ...ending });
    return facts;
  }
  add(run.startsMs, { kind: "started", params, datasets: datasetsOf(run.job, null) });
  if (run.outcome === "succeeded" && run.message !== null) {
    add(run.startsMs, { kind: "log", message: run.message });
  }
  for (const stage of run.stages) addStage(add, stage, ending);
  const written = countersOf(run.stages.at(-1)?.rows ?? 0).written ?? 0;
  add(
    run.endsMs,
    run.outcome === "succeeded"
      ? { kind: "succeeded", datasets: datasetsOf(run.job, written) }
      : { kind: run.outcome, ...ending },
  );
  return facts;
}

function addStage(
  add: (occursMs: number, body: Omit<NativeObservation, "job" | "run" | "at">) => void,
  planned: PlannedStage,
  ending: { readonly message?: string; readonly exitCode?: string },
): void {
  const stage = { name: planned.name, index: planned.index };
  const total = planned.rows;
  add(planned.startsMs, { kind: "started", stage, progress: { done: 0, total, unit: "rows" } });
  for (const at of commitsOf(planned)) {
    const done = readUntil(planned, at);
    const progress = { done, total, unit: "rows" };
    add(at, { kind: "progress", stage, progress, counters: countersOf(done) });
  }
  const done = readUntil(planned, planned.endsMs);
  const progress = { done, total, unit: "rows" };
  const counters = countersOf(done);
  add(
    planned.endsMs,
    planned.reached === 1
      ? { kind: "succeeded", stage, progress, counters }
      : { kind: "failed", stage, progress, counters: { ...counters, rolledBack: 1 }, ...ending },
  );
}
