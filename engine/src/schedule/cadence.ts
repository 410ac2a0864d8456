import type { Cadence } from "../model/job-settings.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Instances at most this far apart make a job FREQUENT (CLOCK-3). */
const FREQUENT_MS = 15 * MINUTE_MS;
/** Instances at least this far apart make it RARE: every month, with the shortest February and a free day (CLOCK-3). */
const RARE_MS = 25 * DAY_MS;

export interface Rhythm {
  readonly cadence: Cadence;
  /** Median distance of two instances, milliseconds. */
  readonly intervalMs: number;
}

/**
 * How often a job runs, from when its last instances were due or, without that, began (epoch milliseconds, any
 * order; several attempts of an instance are one entry). The median, so that a pause or a repetition does not count.
 * Null below two instances (SCHED-7).
 */
export function rhythmOf(instances: readonly number[]): Rhythm | null {
  const sorted = [...new Set(instances)].sort((a, b) => a - b);
  const distances = sorted.slice(1).map((at, index) => at - (sorted[index] ?? at));
  const intervalMs = median(distances);
  return intervalMs === null ? null : { cadence: cadenceOf(intervalMs), intervalMs };
}

export function cadenceOf(intervalMs: number): Cadence {
  if (intervalMs <= FREQUENT_MS) return "FREQUENT";
  return intervalMs >= RARE_MS ? "RARE" : "DAILY";
}

/** From the expected start until a run is late, where nobody set it (CLOCK-3). `intervalMs` counts for FREQUENT only. */
export function startGraceDefaultMs(cadence: Cadence, intervalMs: number): number {
  const graces: Readonly<Record<Cadence, number>> = {
    FREQUENT: Math.min(FREQUENT_MS, Math.max(MINUTE_MS, intervalMs)),
    DAILY: 10 * MINUTE_MS,
    RARE: 60 * MINUTE_MS,
  };
  return graces[cadence];
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}
