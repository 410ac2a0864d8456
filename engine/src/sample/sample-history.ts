import { HISTORY_AFTER_MS } from "../model/limits.ts";
import type { NativeObservation } from "./native-observation.ts";
import { checkSpeed } from "./night-plan.ts";
import { runIdOf } from "./plan-runs.ts";
import { randomOf } from "../ports/random.ts";
import { countersOf, datasetsOf, headOf } from "./run-facts.ts";
import { SAMPLE_JOBS, type SampleJob } from "./sample-job.ts";
import { usualRun } from "./usual-run.ts";

const DAY_MS = 86_400_000;
/** A night without trouble is over by then, at the bank's own speed. Milliseconds. */
const NIGHT_MS = 9 * 3_600_000;
/** Most nights of one history. */
const MOST_NIGHTS = 400;

export interface HistoryOptions {
  readonly seed: number;
  /** Nights that came before, 0 … 400. */
  readonly nights: number;
  /** Every time lies more than 24 hours before this, epoch milliseconds. */
  readonly before: number;
  /** As for the night, so that durations compare. @default 1 */
  readonly speed?: number;
}

function runFacts(
  job: SampleJob,
  opensAt: number,
  nightsAgo: number,
  { seed, speed = 1 }: HistoryOptions,
): readonly NativeObservation[] {
  // The day before the night opened, so that no night shares its business date with the sample night.
  const businessDate = new Date(opensAt - DAY_MS).toISOString().slice(0, 10);
  const { durationMs, rowsRatio } = usualRun(
    job,
    nightsAgo,
    randomOf(seed, job.name, businessDate),
  );
  const rows = Math.max(1, Math.round(job.usualRows * rowsRatio));
  const parent = job.parent === null ? undefined : SAMPLE_JOBS.get(job.parent);
  const parentRunId = parent === undefined ? null : runIdOf(parent, businessDate, 1);
  const head = headOf(job, runIdOf(job, businessDate, 1), parentRunId);
  const timeOf = (nightMs: number): string =>
    new Date(opensAt + Math.round(nightMs / speed)).toISOString();
  const counters = countersOf(rows * job.stages.length);
  return [
    {
      ...head,
      at: timeOf(job.nominalMs),
      kind: "started",
      params: { businessDate },
      datasets: datasetsOf(job, null),
    },
    {
      ...head,
      at: timeOf(job.nominalMs + durationMs),
      kind: "succeeded",
      counters,
      datasets: datasetsOf(job, countersOf(rows).written ?? null),
    },
  ];
}

/**
 * The nights before the sample night: each job's runs, all succeeded, in order of time. One job gets about 9 % slower
 * over them and another faster; the rest vary as jobs do.
 * @throws {RangeError} when an option is out of its range
 */
export function sampleHistory(options: HistoryOptions): NativeObservation[] {
  const { nights, before, speed = 1 } = options;
  checkSpeed(speed);
  if (!Number.isInteger(nights) || nights < 0 || nights > MOST_NIGHTS) {
    throw new RangeError(
      `nights is ${nights}; it must be a whole number from 0 to ${MOST_NIGHTS}.`,
    );
  }
  // Nights open at midnight UTC, so that the same history told again later that day is the same facts.
  const lastMs = before - HISTORY_AFTER_MS - Math.ceil(NIGHT_MS / speed) - 1;
  const lastOpensAt = Math.floor(lastMs / DAY_MS) * DAY_MS;
  const facts: NativeObservation[] = [];
  for (let nightsAgo = nights; nightsAgo >= 1; nightsAgo--) {
    const opensAt = lastOpensAt - (nightsAgo - 1) * DAY_MS;
    for (const job of SAMPLE_JOBS.values()) {
      facts.push(...runFacts(job, opensAt, nightsAgo, options));
    }
  }
  return facts.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
