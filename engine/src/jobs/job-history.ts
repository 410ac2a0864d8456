import { type ClockSettings, DEFAULT_CLOCKS } from "../model/job-settings.ts";
import { median, TREND_WINDOW_RUNS } from "../scoring/median-trend.ts";
import { type DigestRing, newestFirst, type RunDigest } from "./run-digest.ts";
import { type RunLimits, runLimitsOf } from "./run-limits.ts";

/** Distances from which a usual one is known. */
const DISTANCES_MIN = 4;

/**
 * What a job's past says of a run: only what went before it, so that later runs do not change how it is seen.
 * Computed when asked; for the newest runs, which are asked for most, kept until the past changes.
 */
export class JobHistory {
  readonly #ring: DigestRing;
  #usualMs: number | null | undefined;
  #limits: { readonly clocks: ClockSettings; readonly limits: RunLimits } | null = null;
  #intervalMs: number | null | undefined;

  constructor(ring: DigestRing) {
    this.#ring = ring;
  }

  changed(): void {
    this.#usualMs = undefined;
    this.#limits = null;
    this.#intervalMs = undefined;
  }

  /** Median of the last successful runs before it, what a row shows beside a duration; of all when null. Milliseconds. */
  usualMs(digest: RunDigest | null): number | null {
    if (!this.#isNewest(digest)) return usualOf(this.#ring.successDurations(digest ?? undefined));
    if (this.#usualMs === undefined) this.#usualMs = usualOf(this.#ring.successDurations());
    return this.#usualMs;
  }

  limits(digest: RunDigest, clocks: ClockSettings = DEFAULT_CLOCKS): RunLimits {
    if (!this.#isNewest(digest)) return runLimitsOf(clocks, this.#ring.successDurations(digest));
    if (this.#limits === null || this.#limits.clocks !== clocks) {
      this.#limits = { clocks, limits: runLimitsOf(clocks, this.#ring.successDurations()) };
    }
    return this.#limits.limits;
  }

  /** Usual distance between the starts of the job's instances, ms; null while there are too few. */
  get intervalMs(): number | null {
    if (this.#intervalMs === undefined) this.#intervalMs = instanceInterval(this.#ring);
    return this.#intervalMs;
  }

  /** Every success went before it. */
  #isNewest(digest: RunDigest | null): boolean {
    if (digest === null) return true;
    const newest = this.#ring.items.find((item) => item.state === "succeeded");
    if (newest === undefined) return true;
    return newest.executionId !== digest.executionId && newestFirst(digest, newest) < 0;
  }
}

function usualOf(durationsMs: readonly number[]): number | null {
  return median(durationsMs.slice(0, TREND_WINDOW_RUNS));
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
