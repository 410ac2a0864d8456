import { type ClockSettings, DEFAULT_CLOCKS } from "../model/job-settings.ts";
import { median, TREND_WINDOW_RUNS } from "../scoring/median-trend.ts";
import type { DigestRing } from "./run-digest.ts";
import { type RunLimits, runLimitsOf } from "./run-limits.ts";

/** What a job's past says of its runs, computed when asked and kept until the past changes. */
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

  /** Median of the last successful runs, without the given one; what a row shows beside a duration. Milliseconds. */
  usualMs(executionId: string): number | null {
    if (this.#ring.find(executionId)?.state === "succeeded") {
      return median(this.#ring.successDurations(executionId).slice(0, TREND_WINDOW_RUNS));
    }
    this.#usualMs ??= median(this.#ring.successDurations().slice(0, TREND_WINDOW_RUNS));
    return this.#usualMs;
  }

  /** Limits of a run that is not among the successful ones yet. */
  limits(clocks: ClockSettings = DEFAULT_CLOCKS): RunLimits {
    if (this.#limits === null || this.#limits.clocks !== clocks) {
      this.#limits = { clocks, limits: runLimitsOf(clocks, this.#ring.successDurations()) };
    }
    return this.#limits.limits;
  }

  /** Limits as they were without this run: a success is judged by the others. */
  limitsWithout(executionId: string, clocks: ClockSettings = DEFAULT_CLOCKS): RunLimits {
    return runLimitsOf(clocks, this.#ring.successDurations(executionId));
  }

  /** Usual distance between the starts of the job's instances, ms; null while there are too few. */
  get intervalMs(): number | null {
    if (this.#intervalMs === undefined) this.#intervalMs = instanceInterval(this.#ring);
    return this.#intervalMs;
  }
}

/** Distances from which a usual one is known. */
const DISTANCES_MIN = 4;

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
