import { LIMITS } from "../model/limits.ts";
import type { FreeDayRule } from "../model/job.ts";
import type { Calendar, Schedule } from "../model/schedule.ts";
import { BusinessDays } from "./business-days.ts";
import { type Firing, Firings } from "./firings.ts";
import { type ZoneClock, zoneClockOf } from "./zone-clock.ts";

const DAY_MS = 86_400_000;

/** When a job is due. Instants are epoch milliseconds. */
export interface Occurrences {
  /** First occurrence after an instant; null when nothing more is due. */
  next(after: number): number | null;
  /** Occurrences after `from` up to and at `to`, ascending, no instant twice, at most `limit`. */
  between(from: number, to: number, limit: number): number[];
}

/**
 * When a schedule is due: its firings, moved or dropped by the calendar (SCHED-3), none before `schedule.since`
 * (SCHED-6). `calendar` is that of `schedule.calendarId`; null: every day is a business day.
 * Throws {@link ScheduleError} when the expression or a zone cannot be meant.
 */
export function occurrencesOf(schedule: Schedule, calendar: Calendar | null): Occurrences {
  const firings = new Firings(schedule.expression, schedule.zone);
  const source = sourceOf(schedule, firings, calendar);
  const next = (after: number) => source(Math.max(after, schedule.since - 1));
  return {
    next,
    between(from, to, limit) {
      const found: number[] = [];
      let at = next(from);
      while (at !== null && at <= to && found.length < limit) {
        found.push(at);
        at = next(at);
      }
      return found;
    },
  };
}

type Next = (after: number) => number | null;

function sourceOf(schedule: Schedule, firings: Firings, calendar: Calendar | null): Next {
  if (calendar === null || schedule.freeDayRule === "RUN") return (after) => firings.next(after);
  const days = new BusinessDays(calendar);
  if (schedule.freeDayRule === "SKIP") return skipping(firings, days);
  return moving(firings, days, zoneClockOf(schedule.zone), schedule.freeDayRule);
}

function skipping(firings: Firings, days: BusinessDays): Next {
  return (after) => {
    let at = firings.next(after);
    for (let step = 0; at !== null && step < LIMITS.businessDaySteps; step++) {
      const day = days.dayAt(at);
      const open = days.nearest(day, 1);
      if (open === day) return at;
      if (open === null) return null;
      at = firings.next(days.startOf(open) - 1);
    }
    return null;
  };
}

/**
 * Occurrences by business day: those of its own firings, and those moved to it from the free days behind it (PREVIOUS)
 * or before it (NEXT), at the same wall-clock reading. The day looked at last is remembered, as it is asked for again.
 */
function moving(
  firings: Firings,
  days: BusinessDays,
  clock: ZoneClock,
  rule: Exclude<FreeDayRule, "RUN" | "SKIP">,
): Next {
  const step = rule === "PREVIOUS" ? -1 : 1;
  let known: { readonly day: number; readonly occurrences: readonly number[] } | null = null;

  /** Free days whose firings belong to a business day, and itself: from the first to before the last. */
  const spanOf = (day: number): { from: number; to: number } => {
    if (rule === "PREVIOUS") return { from: day, to: days.nearest(day + 1, 1) ?? day + 1 };
    return { from: (days.nearest(day - 1, -1) ?? day - 1) + 1, to: day + 1 };
  };
  const movedTo = (day: number, firing: Firing): number => {
    const shift = day - days.dayAt(firing.at);
    return shift === 0 ? firing.at : clock.firstAt(firing.reading + shift * DAY_MS);
  };
  const occurrencesOn = (day: number): readonly number[] => {
    if (known?.day === day) return known.occurrences;
    const { from, to } = spanOf(day);
    const found = new Set<number>();
    const end = days.startOf(to);
    let firing = firings.nextFiring(days.startOf(from) - 1);
    while (firing !== null && firing.at < end) {
      found.add(movedTo(day, firing));
      firing = firings.following(firing);
    }
    known = { day, occurrences: [...found].sort((a, b) => a - b) };
    return known.occurrences;
  };

  return (after) => {
    const today = days.dayAt(after);
    // What is moved back to today, or on to it, may be behind `after` or before it: the whole day is looked at.
    let day = days.nearest(today, step) ?? days.nearest(today, 1);
    for (let tried = 0; day !== null && tried < LIMITS.businessDaySteps; tried++) {
      const at = occurrencesOn(day).find((one) => one > after);
      if (at !== undefined) return at;
      const behind = days.startOf(spanOf(day).to);
      const firing = firings.nextFiring(Math.max(behind - 1, after));
      if (firing === null) return null;
      const fired = days.dayAt(firing.at);
      const taking: number | null = days.nearest(fired, step) ?? days.nearest(fired, 1);
      // Past its last business day a calendar would move everything back to that day, for ever.
      day = taking === day ? null : taking;
    }
    return null;
  };
}
