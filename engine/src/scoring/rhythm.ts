import { median } from "./median-trend.ts";

/** A silence is judged only against at least this many gaps. */
const RHYTHM_GAPS_MIN = 3;
const MEDIANS = 6;
const LONGESTS = 2;

export interface RhythmLimit {
  readonly usualGapMs: number;
  /** A silence longer than this stands out. */
  readonly limitMs: number;
}

/**
 * How long a silence may last, from the gaps before it: the largest of the floor, 6 × the median and
 * 2 × the longest gap. The median follows the rhythm, the longest keeps one slow commit from being an alarm.
 * @param gapsMs any order
 * @returns null below {@link RHYTHM_GAPS_MIN} gaps: no rhythm is known
 */
export function rhythmLimit(gapsMs: readonly number[], floorMs: number): RhythmLimit | null {
  const usualGapMs = gapsMs.length < RHYTHM_GAPS_MIN ? null : median(gapsMs);
  if (usualGapMs === null) return null;
  const limitMs = Math.max(floorMs, MEDIANS * usualGapMs, LONGESTS * Math.max(...gapsMs));
  return { usualGapMs, limitMs };
}
