import { CLOCK_SKEW_MS, HISTORY_AFTER_MS } from "../model/limits.ts";
import { Refusal } from "./refusal.ts";
import { instantOf } from "./zone-time.ts";

const FIRST_YEAR = 2000;
const LAST_YEAR = 2100;
const FIRST_INSTANT: number = Date.UTC(FIRST_YEAR, 0, 1);
const END_INSTANT: number = Date.UTC(LAST_YEAR + 1, 0, 1);
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?$/;
const LONGEST_DATE_TIME = 40;
/** The form nearly every producer sends: `2026-01-31T02:03:04.567Z`. */
const PLAIN_LENGTH = 24;

/**
 * Epoch milliseconds from an ISO 8601 date-time or epoch milliseconds.
 * A date-time without a zone is read in `zone`; `receivedAt` decides between two readings of a repeated hour.
 */
export function readTime(value: unknown, field: string, zone: string, receivedAt: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return inRange(Math.floor(value), field);
  if (typeof value !== "string") {
    const missing = value === undefined || value === null;
    const problem = missing ? "is missing; it must be" : "must be";
    const message = `${field} ${problem} an ISO 8601 date-time or epoch milliseconds`;
    throw new Refusal(missing ? "missing_field" : "wrong_type", message, field);
  }
  const plain = plainTime(value);
  if (plain !== null) return inRange(plain, field);
  const parts = value.length <= LONGEST_DATE_TIME ? DATE_TIME.exec(value) : null;
  if (parts === null) throw notATime(field);
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = "0",
    fraction = "",
    utc,
    sign,
    zoneHour,
    zoneMinute = "0",
  ] = parts;
  if (!isYear(Number(year))) throw outOfRange(field);
  const wallClock = wallClockOf(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, "0").slice(0, 3)),
  );
  if (wallClock === null || Number(zoneHour ?? 0) > 23 || Number(zoneMinute) > 59) {
    throw notATime(field);
  }
  if (utc !== undefined) return inRange(wallClock, field);
  if (sign === undefined) return inRange(instantOf(wallClock, zone, receivedAt), field);
  const offsetMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return inRange(sign === "+" ? wallClock - offsetMs : wallClock + offsetMs, field);
}

/** Epoch milliseconds of `YYYY-MM-DDTHH:MM:SS.mmmZ`; null for any other form. */
function plainTime(text: string): number | null {
  if (
    text.length !== PLAIN_LENGTH ||
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58 ||
    text.charCodeAt(19) !== 46 ||
    text.charCodeAt(23) !== 90
  ) {
    return null;
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const milliseconds = twoDigits(text, 20) * 10 + (twoDigits(text, 21) % 10);
  return wallClockOf(
    year,
    twoDigits(text, 5),
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
    milliseconds,
  );
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Null when a part is not a number or names no such moment (31 February, 25 o'clock). */
function wallClockOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number | null {
  const inside = hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999;
  if (!inside || !isDay(year, month, day)) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar has this day. */
export function isDay(year: number, month: number, day: number): boolean {
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return year >= 0 && day >= 1 && day <= (DAYS_OF_MONTH[month - 1] ?? -1) + leapDay;
}

export function isYear(year: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

function inRange(instant: number, field: string): number {
  if (instant >= FIRST_INSTANT && instant < END_INSTANT) return instant;
  throw outOfRange(field);
}

function outOfRange(field: string): Refusal {
  const message = `${field} must lie between ${FIRST_YEAR} and ${LAST_YEAR}`;
  return new Refusal("invalid_time", message, field);
}

function notATime(field: string): Refusal {
  const message = `${field} must be an ISO 8601 date-time, for example 2026-01-31T02:30:00Z, or epoch milliseconds`;
  return new Refusal("invalid_time", message, field);
}

/** When a fact happened, as far as the time of receipt lets it be believed. */
export interface Occurrence {
  readonly occurredAt: number;
  readonly clamped: boolean;
  readonly historical: boolean;
}

export function occurrenceOf(claimedAt: number, receivedAt: number): Occurrence {
  const clamped = claimedAt > receivedAt + CLOCK_SKEW_MS;
  return {
    occurredAt: clamped ? receivedAt : claimedAt,
    clamped,
    historical: claimedAt < receivedAt - HISTORY_AFTER_MS,
  };
}
