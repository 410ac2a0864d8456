import { INCIDENTS } from "./incidents.ts";
import { planStages, type StagesRequest } from "./plan-stages.ts";
import type { PlannedRun } from "./planned-run.ts";
import { type Random, randomOf } from "../ports/random.ts";
import { SAMPLE_JOBS, type SampleJob } from "./sample-job.ts";
import { usualRun } from "./usual-run.ts";

/** A job starts this long after it may, at most. Milliseconds. */
const START_DELAY_MS = 50_000;

/** The external id of a run, as a scheduler would write it. */
export function runIdOf(job: SampleJob, businessDate: string, attempt: number): string {
  return `${job.name}.${businessDate}.${attempt}`;
}

interface Night {
  readonly seed: number;
  readonly businessDate: string;
  /** Last run so far of each job. */
  readonly last: Map<string, PlannedRun>;
  /** Dependents of the cascade met so far. */
  held: number;
}

interface Timing {
  readonly startsMs: number;
  readonly message: string | null;
}

/** When the run may start: its time, its parent, its predecessors, and what goes wrong tonight. */
function timingOf(night: Night, job: SampleJob, random: Random): Timing {
  const { cascade, lateStart } = INCIDENTS;
  const delayMs = Math.round(random() * START_DELAY_MS);
  const parent = job.parent === null ? undefined : SAMPLE_JOBS.get(job.parent);
  const parentStartsMs = parent === undefined ? null : night.last.get(parent.name)?.startsMs;
  if (parent !== undefined && typeof parentStartsMs === "number") {
    return { startsMs: parentStartsMs + job.nominalMs - parent.nominalMs + delayMs, message: null };
  }
  const ends = job.after.map((name) => night.last.get(name)?.endsMs ?? 0);
  let mayStartMs = Math.max(job.nominalMs, ...ends);
  let message: string | null = null;
  if (job.name === lateStart.job) mayStartMs += lateStart.byMs;
  if (job.after.includes(cascade.job)) {
    mayStartMs = job.nominalMs + cascade.heldForMs + night.held * cascade.heldApartMs;
    message = cascade.heldMessage;
    night.held += 1;
  }
  return { startsMs: mayStartMs + delayMs, message };
}

function runOf(
  night: Night,
  job: SampleJob,
  attempt: number,
  request: StagesRequest,
  words: { readonly message: string | null; readonly exitCode: string | null },
): PlannedRun {
  const stages = planStages(request);
  const run: PlannedRun = {
    job,
    runId: runIdOf(job, night.businessDate, attempt),
    attempt,
    nominalMs: job.nominalMs,
    startsMs: request.startsMs,
    endsMs: stages.at(-1)?.endsMs ?? request.startsMs,
    outcome: request.failure === undefined ? "succeeded" : "failed",
    stages,
    parentRunId: job.parent === null ? null : (night.last.get(job.parent)?.runId ?? null),
    message: words.message,
    exitCode: words.exitCode,
  };
  night.last.set(job.name, run);
  return run;
}

function planJob(night: Night, job: SampleJob): readonly PlannedRun[] {
  const { recovered, stalled, cascade, fewRows } = INCIDENTS;
  const random = randomOf(night.seed, job.name, "tonight");
  const { startsMs, message } = timingOf(night, job, random);
  const usual = usualRun(job, 0, random);
  const request: StagesRequest = { job, startsMs, random, ...usual };
  const quiet = { message, exitCode: null };
  switch (job.name) {
    case recovered.job: {
      const failure = { stage: recovered.failedStage, ratio: recovered.failedAtRatio };
      const first = runOf(night, job, 1, { ...request, failure }, recovered);
      const retry = { ...request, startsMs: first.endsMs + recovered.retryAfterMs };
      return [first, runOf(night, job, 2, retry, quiet)];
    }
    case cascade.job: {
      const failure = { stage: cascade.failedStage, ratio: cascade.failedAtRatio };
      return [runOf(night, job, 1, { ...request, failure }, cascade)];
    }
    case cascade.stopped: {
      const words = { message: cascade.stopMessage, exitCode: "STOPPED" };
      const run = runOf(night, job, 1, request, words);
      const stopped: PlannedRun = {
        ...run,
        startsMs: null,
        endsMs: startsMs,
        outcome: "stopped",
        stages: [],
      };
      night.last.set(job.name, stopped);
      return [stopped];
    }
    case stalled.job:
      return [runOf(night, job, 1, { ...request, pause: stalled }, quiet)];
    case fewRows.job: {
      const durationMs = Math.round(usual.durationMs * fewRows.durationRatio);
      return [runOf(night, job, 1, { ...request, durationMs, rowsRatio: fewRows.ratio }, quiet)];
    }
    default:
      return [runOf(night, job, 1, request, quiet)];
  }
}

/** Every run of the sample night, in the order of the jobs; a job's attempts follow each other. */
export function planRuns(seed: number, businessDate: string): readonly PlannedRun[] {
  const night: Night = { seed, businessDate, last: new Map(), held: 0 };
  return [...SAMPLE_JOBS.values()].flatMap((job) => planJob(night, job));
}
