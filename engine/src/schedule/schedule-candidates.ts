import type { ZoneClock } from "./zone-clock.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Divisors of an hour, minutes: what cron can say of "every … minutes". The hour itself stands for one minute of it. */
const PERIODS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];
/** How late a start may be and still be at its time; the narrowest that fits is the best. */
const LATENESS_MS = [10, 30, 2 * 60, 5 * 60, 15 * 60, 40 * 60].map(
  (seconds) => seconds * SECOND_MS,
);
/** With starts this late, the time meant is looked for on a grid of five minutes. */
const COARSE_MS = 5 * MINUTE_MS;
const GRID_MS = 5 * MINUTE_MS;
const ALL_HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** A start this little before the full minute is meant for it: clocks differ. */
const CLOCK_SLACK_MS = 10 * SECOND_MS;

/** A guess at minutes and hours; which days it holds for is found by fitting it. */
export interface ScheduleCandidate {
  /** Of the hour, ascending. */
  readonly minutes: readonly number[];
  /** Of the day, ascending. */
  readonly hours: readonly number[];
  /** An instance from `earlyMs` before a firing until `lateMs` after it is at its time. */
  readonly earlyMs: number;
  readonly lateMs: number;
  /** Values that were chosen after looking at the instances. */
  readonly chosen: number;
}

/**
 * Guesses at what the times (ascending) could be a repetition of: for each period and each lateness the phase that
 * most of them share, where that is half of them or more, at all hours and at the hours in which at least two of them do.
 */
export function scheduleCandidates(
  times: readonly number[],
  clock: ZoneClock,
  exact: boolean,
): readonly ScheduleCandidate[] {
  const readings = times.map((at) => clock.readingAt(at));
  return PERIODS.flatMap((minutes) => {
    const periodMs = minutes * MINUTE_MS;
    const hourly = periodMs === HOUR_MS;
    const lateness = exact
      ? [MINUTE_MS - 1]
      : LATENESS_MS.filter((lateMs) => hourly || lateMs <= periodMs / 4);
    return lateness.flatMap((lateMs) => guesses(readings, periodMs, lateMs, exact));
  });
}

function guesses(
  readings: readonly number[],
  periodMs: number,
  lateMs: number,
  exact: boolean,
): readonly ScheduleCandidate[] {
  const earlyMs = exact ? 0 : Math.min(MINUTE_MS, lateMs / 4);
  const densest = densestPhase(readings, periodMs, lateMs);
  const phase = roundedPhase(densest, periodMs, lateMs, exact);
  const perHour = Array.from({ length: 24 }, () => 0);
  for (const reading of readings) {
    const distance = modulo(reading - phase + earlyMs, periodMs);
    if (distance > earlyMs + lateMs) continue;
    const hour = Math.floor(modulo(reading + earlyMs - distance, 24 * HOUR_MS) / HOUR_MS);
    perHour[hour] = (perHour[hour] ?? 0) + 1;
  }
  const atTheirTime = perHour.reduce((sum, count) => sum + count, 0);
  if (atTheirTime * 2 < readings.length) return [];
  const hours = ALL_HOURS.filter((hour) => (perHour[hour] ?? 0) >= 2);
  const minutes: number[] = [];
  for (let at = phase; at < HOUR_MS; at += periodMs) minutes.push(at / MINUTE_MS);
  const guess = { minutes, earlyMs, lateMs };
  const always = { ...guess, hours: ALL_HOURS, chosen: 1 };
  if (hours.length === 0 || hours.length === 24) return [always];
  return [always, { ...guess, hours, chosen: 1 + Math.min(hours.length, 24 - hours.length) }];
}

/** Where in the period a window of `lateMs` begins that holds most of the readings; the first of equals. */
function densestPhase(readings: readonly number[], periodMs: number, lateMs: number): number {
  const phases = readings.map((reading) => modulo(reading, periodMs)).sort((a, b) => a - b);
  const around = [...phases, ...phases.map((phase) => phase + periodMs)];
  let best = { phase: 0, held: 0 };
  let end = 0;
  for (const [start, phase] of phases.entries()) {
    while (end < around.length && (around[end] ?? Infinity) <= phase + lateMs) end++;
    if (end - start > best.held) best = { phase, held: end - start };
  }
  return best.phase;
}

function roundedPhase(phase: number, periodMs: number, lateMs: number, exact: boolean): number {
  if (exact) return Math.floor(phase / MINUTE_MS) * MINUTE_MS;
  const grid = lateMs >= COARSE_MS && periodMs % GRID_MS === 0 ? GRID_MS : MINUTE_MS;
  return modulo(Math.floor((phase + CLOCK_SLACK_MS) / grid) * grid, periodMs);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
