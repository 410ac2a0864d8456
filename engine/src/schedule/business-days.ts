import { LIMITS } from "../model/limits.ts";
import type { Calendar, CalendarDayKind } from "../model/schedule.ts";
import { type ZoneClock, zoneClockOf } from "./zone-clock.ts";

const DAY_MS = 86_400_000;
/** A calendar that ends within this many days is an alarm (SCHED-4). */
const COVER_ALARM_DAYS = 45;

/**
 * The business days of a calendar. A day is its number: whole days since 1970-01-01 of a wall clock in the calendar's
 * zone. FREE and EXTRA override the weekday; MONTH_END and SHORT leave it as it is. After `coversUntil` the calendar
 * says nothing, and a day is what its weekday says (SCHED-4).
 */
export class BusinessDays {
  readonly #clock: ZoneClock;
  readonly #workdays: ReadonlySet<number>;
  readonly #kinds = new Map<number, CalendarDayKind>();
  readonly #lastExtra: number;

  /** Throws {@link ScheduleError} when the runtime does not know the calendar's zone. */
  constructor(calendar: Calendar) {
    this.#clock = zoneClockOf(calendar.zone);
    this.#workdays = new Set(calendar.workdays);
    const covered = calendar.coversUntil === null ? Infinity : dayNumberOf(calendar.coversUntil);
    let lastExtra = -Infinity;
    for (const { day, kind } of calendar.days) {
      const number = dayNumberOf(day);
      if (!(number <= covered)) continue;
      this.#kinds.set(number, kind);
      if (kind === "EXTRA") lastExtra = Math.max(lastExtra, number);
    }
    this.#lastExtra = lastExtra;
  }

  dayAt(instant: number): number {
    return Math.floor(this.#clock.readingAt(instant) / DAY_MS);
  }

  startOf(day: number): number {
    return this.#clock.firstAt(day * DAY_MS);
  }

  isBusinessDay(day: number): boolean {
    const kind = this.#kinds.get(day);
    if (kind === "FREE") return false;
    return kind === "EXTRA" || this.#workdays.has(isoWeekdayOf(day));
  }

  /** The nearest business day at or after (`step` 1), at or before (`step` -1) a day; null when there is none near. */
  nearest(day: number, step: 1 | -1): number | null {
    if (this.#workdays.size === 0 && step === 1 && day > this.#lastExtra) return null;
    for (let tried = 0; tried < LIMITS.businessDaySteps; tried++) {
      const candidate = day + tried * step;
      if (this.isBusinessDay(candidate)) return candidate;
    }
    return null;
  }
}

const made = new WeakMap<Calendar, BusinessDays>();

/** The business days of a calendar, made once for all jobs that hold the same object. */
export function businessDaysOf(calendar: Calendar): BusinessDays {
  const known = made.get(calendar);
  if (known !== undefined) return known;
  const days = new BusinessDays(calendar);
  made.set(calendar, days);
  return days;
}

/** Whole days, today included as 0, until the last day that a calendar knows; null when it has no end. */
export function daysCovered(calendar: Calendar, now: number): number | null {
  if (calendar.coversUntil === null) return null;
  const today = Math.floor(zoneClockOf(calendar.zone).readingAt(now) / DAY_MS);
  return dayNumberOf(calendar.coversUntil) - today;
}

/** Whether a calendar must be continued soon: its last known day is less than 45 days away (SCHED-4). */
export function endsSoon(calendar: Calendar, now: number): boolean {
  const days = daysCovered(calendar, now);
  return days !== null && days < COVER_ALARM_DAYS;
}

/** 1 Monday … 7 Sunday. Day 0, 1970-01-01, was a Thursday. */
export function isoWeekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function dayNumberOf(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}
