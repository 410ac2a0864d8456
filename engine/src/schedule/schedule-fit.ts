import { LIMITS } from "../model/limits.ts";
import { isoWeekdayOf } from "./business-days.ts";
import { cronField } from "./cron-field.ts";
import type { ScheduleCandidate } from "./schedule-candidates.ts";
import type { ZoneClock } from "./zone-clock.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Days of the month that one schedule may name. */
const MOST_DAYS_OF_MONTH = 4;
/** Candidates that are tried on one history: periods, latenesses, selections of days, zones. */
const TRIED = 400;
/** A fit that chance reaches more often than this, over all that is tried, is none. */
const MOST_CHANCE = 0.01;

/** How well one expression explains the times. */
export interface ScheduleFit {
  readonly expression: string;
  readonly confidence: number;
  readonly matched: number;
  readonly of: number;
  /** ISO weekdays of the firings that were met. */
  readonly workdays: readonly number[];
}

interface JudgedFiring {
  /** From the firing to its instance, milliseconds; null: it had none. */
  readonly lateMs: number | null;
  readonly hour: number;
  readonly weekday: number;
  readonly dayOfMonth: number;
  readonly lastOfMonth: boolean;
}

interface DaySelection {
  readonly days: string;
  readonly holds: (firing: JudgedFiring) => boolean;
  readonly chosen: number;
}

/** The best of a candidate's fits over selections of days; null when none is better than chance. Times ascend. */
export function bestFit(
  candidate: ScheduleCandidate,
  times: readonly number[],
  clock: ZoneClock,
): ScheduleFit | null {
  const judged = judge(candidate, times, clock);
  if (judged === null) return null;
  const selections = [everyDay, ...weekdays(judged), ...daysOfMonth(judged)];
  return best(selections.map((selection) => fit(candidate, selection, judged, times)));
}

export function best(fits: readonly (ScheduleFit | null)[]): ScheduleFit | null {
  return fits.reduce(
    (found, one) => (one !== null && one.confidence > (found?.confidence ?? 0) ? one : found),
    null,
  );
}

/**
 * Every firing of the candidate within the times, and the instance that met it; null when there are too many. Firings
 * are counted out on the wall clock: what cron does in the one hour of a clock change is nothing here.
 */
function judge(
  { minutes, hours, earlyMs, lateMs }: ScheduleCandidate,
  times: readonly number[],
  clock: ZoneClock,
): readonly JudgedFiring[] | null {
  const from = (times[0] ?? 0) - lateMs;
  const to = (times.at(-1) ?? 0) + earlyMs;
  const firstDay = Math.floor(clock.readingAt(from) / DAY_MS);
  const lastDay = Math.floor(clock.readingAt(to) / DAY_MS);
  const most = (lastDay - firstDay + 1) * hours.length * minutes.length;
  if (most > LIMITS.inferredOccurrences || lateMs > leastDistance(minutes, hours) / 4) return null;
  const judged: JudgedFiring[] = [];
  let next = 0;
  let before = -Infinity;
  for (let day = firstDay; day <= lastDay; day++) {
    const weekday = isoWeekdayOf(day);
    const dayOfMonth = new Date(day * DAY_MS).getUTCDate();
    const lastOfMonth = new Date((day + 1) * DAY_MS).getUTCDate() === 1;
    for (const hour of hours) {
      for (const minute of minutes) {
        const at = clock.firstAt(day * DAY_MS + (hour * 60 + minute) * MINUTE_MS);
        // Readings that a clock change skips fall on one instant.
        if (at < from || at > to || at === before) continue;
        before = at;
        while ((times[next] ?? Infinity) < at - earlyMs) next++;
        const late = (times[next] ?? Infinity) - at;
        const met = late <= lateMs ? late : null;
        judged.push({ lateMs: met, hour, weekday, dayOfMonth, lastOfMonth });
      }
    }
  }
  return judged;
}

/** The least time between two firings, over all days. */
function leastDistance(minutes: readonly number[], hours: readonly number[]): number {
  const ofDay = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const distances = ofDay.map((at, index) => (ofDay[index + 1] ?? (ofDay[0] ?? 0) + 1_440) - at);
  return Math.min(...distances) * MINUTE_MS;
}

const everyDay: DaySelection = { days: "* * *", holds: () => true, chosen: 0 };

/** The weekdays on which at least half of the firings were met, twice or more; one never seen is not left out. */
function weekdays(judged: readonly JudgedFiring[]): readonly DaySelection[] {
  const kept = [1, 2, 3, 4, 5, 6, 7].filter((weekday) => {
    const on = judged.filter((firing) => firing.weekday === weekday);
    return on.length === 0 || mostlyMet(on);
  });
  if (kept.length === 0 || kept.length === 7) return [];
  const cronDays = kept.map((weekday) => weekday % 7).sort((a, b) => a - b);
  return [
    {
      days: `* * ${cronField(cronDays, 0, 6)}`,
      holds: (firing) => kept.includes(firing.weekday),
      chosen: Math.min(kept.length, 7 - kept.length),
    },
  ];
}

function daysOfMonth(judged: readonly JudgedFiring[]): readonly DaySelection[] {
  const kept = Array.from({ length: 31 }, (_, index) => index + 1).filter((day) =>
    mostlyMet(judged.filter((firing) => firing.dayOfMonth === day)),
  );
  const selections: DaySelection[] = [];
  if (kept.length > 0 && kept.length <= MOST_DAYS_OF_MONTH) {
    const holds = (firing: JudgedFiring) => kept.includes(firing.dayOfMonth);
    selections.push({ days: `${cronField(kept, 1, 31)} * *`, holds, chosen: kept.length });
  }
  if (mostlyMet(judged.filter((firing) => firing.lastOfMonth))) {
    selections.push({ days: "L * *", holds: (firing) => firing.lastOfMonth, chosen: 1 });
  }
  return selections;
}

function mostlyMet(firings: readonly JudgedFiring[]): boolean {
  const met = firings.filter((firing) => firing.lateMs !== null).length;
  return met >= 2 && met * 2 >= firings.length;
}

function fit(
  candidate: ScheduleCandidate,
  selection: DaySelection,
  judged: readonly JudgedFiring[],
  times: readonly number[],
): ScheduleFit | null {
  const selected = judged.filter(selection.holds);
  const metFirings = selected.filter((firing) => firing.lateMs !== null);
  const [matched, of] = [metFirings.length, selected.length];
  if (matched === 0 || meansAnotherTime(metFirings)) return null;
  const windowMs = candidate.earlyMs + candidate.lateMs;
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0) + windowMs;
  const chance = Math.min(1, (of * windowMs) / spanMs);
  const chosen = candidate.chosen + selection.chosen;
  if (chanceOf(matched - chosen, times.length - chosen, chance) * TRIED > MOST_CHANCE) return null;
  const agreement = (matched / times.length - chance) / (1 - chance);
  const seen = new Set(judged.map((firing) => firing.weekday)).size;
  const tested = candidate.hours.length === 24 ? 1 : (7 + seen) / 14;
  const minute = cronField(candidate.minutes, 0, 59);
  const hour = cronField(candidate.hours, 0, 23);
  return {
    expression: `${minute} ${hour} ${selection.days}`,
    confidence: Math.max(0, agreement) * lowerBound(matched, of) * tested,
    matched,
    of,
    workdays: [...new Set(metFirings.map((firing) => firing.weekday))].sort((a, b) => a - b),
  };
}

/** In some hour, all starts are later than they are apart: they keep to a time, but not to this one. */
function meansAnotherTime(metFirings: readonly JudgedFiring[]): boolean {
  const byHour = new Map<number, number[]>();
  for (const { hour, lateMs } of metFirings) {
    if (lateMs !== null) byHour.set(hour, [...(byHour.get(hour) ?? []), lateMs]);
  }
  return [...byHour.values()].some((late) => {
    const least = Math.min(...late);
    return late.length >= 4 && least >= MINUTE_MS && least > Math.max(...late) - least;
  });
}

/** Probability of at least `hits` hits in `trials` independent trials of probability `chance` (binomial tail). */
function chanceOf(hits: number, trials: number, chance: number): number {
  if (hits <= 0 || chance >= 1) return 1;
  let term = (1 - chance) ** trials;
  let below = 0;
  for (let count = 0; count < hits; count++) {
    below += term;
    term *= ((trials - count) / (count + 1)) * (chance / (1 - chance));
  }
  // The tail summed upwards from `hits`: one minus `below` would lose the small ones that matter here.
  let tail = 0;
  for (let count = hits; count <= trials; count++) {
    tail += term;
    term *= ((trials - count) / (count + 1)) * (chance / (1 - chance));
  }
  return Math.min(1, below === 0 ? 1 : tail);
}

/** Lower bound of Wilson's score interval at one standard error: a share of few is less certain than of many. */
function lowerBound(hits: number, trials: number): number {
  const share = hits / trials;
  const spread = Math.sqrt((share * (1 - share)) / trials + 1 / (4 * trials ** 2));
  return (share + 1 / (2 * trials) - spread) / (1 + 1 / trials);
}
