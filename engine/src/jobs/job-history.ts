import { type ClockSettings, DEFAULT_CLOCKS } from "../model/job-settings.ts";
import { median, TREND_WINDOW_RUNS } from "../scoring/median-trend.ts";
import { type DigestRing, newestFirst, type RunDigest, type Success } from "./run-digest.ts";
import { type RunLimits, runLimitsOf } from "./run-limits.ts";

/** Distances from which a usual one is known. */
const DISTANCES_MIN = 4;

/** The successes of a job's past, and what was asked of those from some place on. */
interface Past {
  /** Newest first. */
  readonly successes: readonly Success[];
  readonly durationsMs: readonly number[];
  readonly usualMs: Map<number, number | null>;
  readonly limits: Map<number, RunLimits>;
  readonly clocks: ClockSettings;
}

/**
 * What a job's past says of a run: only what went before it, so that later runs do not change how it is seen.
 * Computed when asked, and kept until the past changes.
 */
export class JobHistory {
  readonly #ring: DigestRing;
  #past: Past | null = null;
  #intervalMs: number | null | undefined;

  constructor(ring: DigestRing) {
    this.#ring = ring;
  }

  changed(): void {
    this.#past = null;
    this.#intervalMs = undefined;
  }

  /** Nothing is asked of the job's past for a while. */
  rest(): void {
    this.#past = null;
    this.#ring.rest();
  }

  /** Median of the last successful runs before it, what a row shows beside a duration; of all when null. Milliseconds. */
  usualMs(digest: RunDigest | null): number | null {
    const past = this.#past ?? this.#look(DEFAULT_CLOCKS);
    const from = digest === null ? 0 : firstBefore(past.successes, digest);
    const known = past.usualMs.get(from);
    if (known !== undefined) return known;
    const usualMs = median(past.durationsMs.slice(from, from + TREND_WINDOW_RUNS));
    past.usualMs.set(from, usualMs);
    return usualMs;
  }

  limits(digest: RunDigest, clocks: ClockSettings = DEFAULT_CLOCKS): RunLimits {
    const past = this.#past?.clocks === clocks ? this.#past : this.#look(clocks);
    const from = firstBefore(past.successes, digest);
    let limits = past.limits.get(from);
    if (limits === undefined) {
      limits = runLimitsOf(clocks, past.durationsMs.slice(from));
      past.limits.set(from, limits);
    }
    return limits;
  }

  /** Usual distance between the starts of the job's instances, ms; null while there are too few. */
  get intervalMs(): number | null {
    if (this.#intervalMs === undefined) this.#intervalMs = instanceInterval(this.#ring);
    return this.#intervalMs;
  }

  #look(clocks: ClockSettings): Past {
    const { successes } = this.#ring;
    const durationsMs = successes.map(({ durationMs }) => durationMs);
    this.#past = { successes, durationsMs, usualMs: new Map(), limits: new Map(), clocks };
    return this.#past;
  }
}

/** Place of the first success that went before this run. */
function firstBefore(successes: readonly Success[], digest: RunDigest): number {
  const first = successes.findIndex((one) => newestFirst(digest, one) < 0);
  if (first === -1) return successes.length;
  return successes[first]?.executionId === digest.executionId ? first + 1 : first;
}

/** Median distance of the first attempts of neighbouring instances [SCHED-7]. */
function instanceInterval(ring: DigestRing): number | null {
  const firstOf = new Map<string, number>();
  for (const { instanceKey, orderedAt } of ring.items) {
    firstOf.set(instanceKey, Math.min(firstOf.get(instanceKey) ?? orderedAt, orderedAt));
  }
  const starts = [...firstOf.values()].sort((a, b) => a - b);
  if (starts.length <= DISTANCES_MIN) return null;
  return median(starts.slice(1).map((at, index) => at - (starts[index] ?? at)));
}
