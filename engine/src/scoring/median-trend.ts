import type { TrendDirection } from "../model/rows.ts";

/** Runs in each of the two compared windows. */
export const TREND_WINDOW_RUNS = 8;
/** Relative change of the median that counts as a direction. */
const TREND_THRESHOLD = 0.05;

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const high = sorted[upper] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[upper - 1] ?? 0)) / 2;
}

export interface MedianTrend {
  readonly direction: TrendDirection;
  readonly recentMedianMs: number | null;
  readonly previousMedianMs: number | null;
  readonly changeRatio: number | null;
}

/**
 * Median duration of the last 8 successful runs against the 8 before them.
 * @param durationsMs newest first
 */
export function medianTrend(durationsMs: readonly number[]): MedianTrend {
  const recentMedianMs = median(durationsMs.slice(0, TREND_WINDOW_RUNS));
  if (durationsMs.length < 2 * TREND_WINDOW_RUNS) {
    return { direction: "LEARNING", recentMedianMs, previousMedianMs: null, changeRatio: null };
  }
  const previousMedianMs = median(durationsMs.slice(TREND_WINDOW_RUNS, 2 * TREND_WINDOW_RUNS));
  if (recentMedianMs === null || previousMedianMs === null || previousMedianMs <= 0) {
    return { direction: "STABLE", recentMedianMs, previousMedianMs, changeRatio: null };
  }
  const changeRatio = (recentMedianMs - previousMedianMs) / previousMedianMs;
  const direction =
    Math.abs(changeRatio) <= TREND_THRESHOLD
      ? "STABLE"
      : changeRatio > 0
        ? "DEGRADING"
        : "IMPROVING";
  return { direction, recentMedianMs, previousMedianMs, changeRatio };
}
