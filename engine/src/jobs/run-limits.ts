import type { LimitOrigin } from "../model/evidence.ts";
import type { Cadence, ClockSettings } from "../model/job-settings.ts";
import { startGraceDefaultMs } from "../schedule/cadence.ts";
import { median } from "../scoring/median-trend.ts";

/** Successful runs from which limits are learned. */
const LEARNED_FROM_RUNS = 5;
const MINUTE_MS = 60_000;
const BUDGET = { medians: 2, longests: 1.25, aboveMedianMs: 5 * MINUTE_MS } as const;
const MINIMUM = { ofMedian: 0.25, medianAtLeastMs: MINUTE_MS } as const;

export interface RunLimit {
  readonly ms: number;
  readonly origin: LimitOrigin;
}

/** The limits of one job's runs, from its settings and its past. */
export interface RunLimits {
  readonly usualMs: number | null;
  readonly budget: RunLimit | null;
  readonly minimum: RunLimit | null;
}

/**
 * Run budget [CLOCK-5] and minimum duration [CLOCK-6].
 * @param durationsMs of successful runs, any order
 */
export function runLimitsOf(clocks: ClockSettings, durationsMs: readonly number[]): RunLimits {
  const usualMs = median(durationsMs);
  return {
    usualMs,
    budget: set(clocks.runBudgetMs) ?? learnedBudget(durationsMs, usualMs),
    minimum: set(clocks.minimumDurationMs) ?? learnedMinimum(durationsMs, usualMs),
  };
}

function set(ms: number | null): RunLimit | null {
  return ms === null ? null : { ms, origin: "SET" };
}

function learnedBudget(durationsMs: readonly number[], usualMs: number | null): RunLimit | null {
  if (usualMs === null || durationsMs.length < LEARNED_FROM_RUNS) return null;
  const ms = Math.max(
    BUDGET.medians * usualMs,
    BUDGET.longests * Math.max(...durationsMs),
    usualMs + BUDGET.aboveMedianMs,
  );
  return { ms, origin: "LEARNED" };
}

function learnedMinimum(durationsMs: readonly number[], usualMs: number | null): RunLimit | null {
  if (usualMs === null || durationsMs.length < LEARNED_FROM_RUNS) return null;
  if (usualMs < MINIMUM.medianAtLeastMs) return null;
  return { ms: MINIMUM.ofMedian * usualMs, origin: "LEARNED" };
}

/** Default start grace [CLOCK-3]. `intervalMs` is the usual distance of the job's instances. */
export function startGraceOf(
  clocks: ClockSettings,
  cadence: Cadence,
  intervalMs: number | null,
): RunLimit {
  if (clocks.startGraceMs !== null) return { ms: clocks.startGraceMs, origin: "SET" };
  return { ms: startGraceDefaultMs(cadence, intervalMs ?? 0), origin: "DEFAULT" };
}
