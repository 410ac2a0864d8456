import { shown } from "../contracts/refusal.ts";
import { LIMITS } from "../model/limits.ts";
import { ScheduleError, type ScheduleField } from "./schedule-error.ts";

interface FieldRule {
  readonly field: ScheduleField;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
  readonly example: string;
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

const RULES: readonly [FieldRule, FieldRule, FieldRule, FieldRule, FieldRule] = [
  { field: "minute", least: 0, most: 59, names: [], example: "30 or */15" },
  { field: "hour", least: 0, most: 23, names: [], example: "2 or 6,18" },
  { field: "day of month", least: 1, most: 31, names: [], example: "*, 1 or L for the last" },
  { field: "month", least: 1, most: 12, names: MONTHS, example: "* or 3,6,9,12" },
  { field: "day of week", least: 0, most: 7, names: WEEKDAYS, example: "* or MON-FRI" },
];

/** What an expression says, field by field. Values ascend. */
export interface ParsedExpression {
  /** The five fields, in capitals and with one space between them. */
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** `L` is among the days of month. */
  readonly lastDayOfMonth: boolean;
  readonly months: readonly number[];
  /** 0 Sunday … 6 Saturday. */
  readonly daysOfWeek: readonly number[];
  /** Minute or hour starts with `*`: follows real time across clock changes (SCHED-1). */
  readonly interval: boolean;
  /** Day of month or day of week starts with `*`: both must match; otherwise either (SCHED-1). */
  readonly bothDays: boolean;
  /** Some date matches; without one nothing ever fires (`0 0 30 2 *`). */
  readonly everFires: boolean;
}

/**
 * Reads a cron expression: five fields of numbers, lists, ranges, steps behind `*` or a range, names of months and
 * weekdays, and `L` (the last day) as a day of month. Throws {@link ScheduleError} for anything else.
 */
export function checkExpression(expression: string): ParsedExpression {
  if (expression.length > LIMITS.expressionLength) {
    const message = `The expression has ${expression.length} characters; at most ${LIMITS.expressionLength} are right.`;
    throw new ScheduleError("expression", message);
  }
  const text = expression.trim().toUpperCase().split(/\s+/).join(" ");
  const [minute, hour, dayOfMonth, month, dayOfWeek, ...more] = text.split(" ");
  if (
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    more.length > 0
  ) {
    const count = text === "" ? 0 : text.split(" ").length;
    const message = `The expression has ${count} ${count === 1 ? "field" : "fields"}; right are five: minute, hour, day of month, month, day of week, as in 30 2 * * MON-FRI.`;
    throw new ScheduleError("expression", message);
  }
  const [minuteRule, hourRule, dayRule, monthRule, weekdayRule] = RULES;
  const dayItems = dayOfMonth.split(",");
  const numbered = dayItems.filter((item) => item !== "L");
  const daysOfMonth = numbered.length === 0 ? [] : valuesOf(numbered.join(","), dayRule);
  const lastDayOfMonth = numbered.length < dayItems.length;
  const months = valuesOf(month, monthRule);
  const bothDays = dayOfMonth.startsWith("*") || dayOfWeek.startsWith("*");
  const weekdays = valuesOf(dayOfWeek, weekdayRule).map((day) => day % 7);
  return {
    text,
    minutes: valuesOf(minute, minuteRule),
    hours: valuesOf(hour, hourRule),
    daysOfMonth,
    lastDayOfMonth,
    months,
    daysOfWeek: ascending(weekdays),
    interval: minute.startsWith("*") || hour.startsWith("*"),
    bothDays,
    everFires: !bothDays || lastDayOfMonth || haveDate(months, daysOfMonth),
  };
}

/** Throws {@link ScheduleError} unless the runtime knows the zone. */
export function checkZone(zone: string): void {
  const message = `${JSON.stringify(shown(zone))} is not a time zone; right is a name of the tz database, such as Europe/Paris or UTC.`;
  if (!/^[A-Za-z]/.test(zone) || zone.length > LIMITS.shownLength) {
    throw new ScheduleError("zone", message);
  }
  try {
    Intl.DateTimeFormat("en-US", { timeZone: zone });
  } catch {
    throw new ScheduleError("zone", message);
  }
}

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function haveDate(months: readonly number[], days: readonly number[]): boolean {
  const earliest = days[0];
  if (earliest === undefined) return false;
  return months.some((month) => earliest <= (DAYS_OF_MONTH[month - 1] ?? 0));
}

function valuesOf(text: string, rule: FieldRule): readonly number[] {
  return ascending(text.split(",").flatMap((item) => itemValues(item, rule)));
}

function ascending(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function itemValues(item: string, rule: FieldRule): readonly number[] {
  const [range = "", step, ...more] = item.split("/");
  const [from = "", to, ...rest] = range.split("-");
  if (more.length > 0 || rest.length > 0) throw wrong(item, rule);
  const least = from === "*" ? rule.least : valueOf(from, item, rule);
  const single = to === undefined && from !== "*";
  if (from === "*" && to !== undefined) throw wrong(item, rule);
  if (single && step !== undefined) {
    throw wrong(item, rule, `a step follows * or a range: ${from}-${rule.most}/${step}`);
  }
  // Sunday is 0 and 7; with * it is one day.
  const last = rule.most === 7 ? 6 : rule.most;
  const most = from === "*" ? last : to === undefined ? least : valueOf(to, item, rule);
  if (most < least) {
    throw wrong(item, rule, `a range ascends: ${from}-${last},${rule.least}-${to ?? ""}`);
  }
  const width = step === undefined ? 1 : stepOf(step, item, rule);
  const values: number[] = [];
  for (let value = least; value <= most; value += width) values.push(value);
  return values;
}

function valueOf(text: string, item: string, rule: FieldRule): number {
  const named = rule.names.indexOf(text);
  if (named >= 0) return named + rule.least;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= rule.least && value <= rule.most)) throw wrong(item, rule);
  return value;
}

function stepOf(text: string, item: string, rule: FieldRule): number {
  const values = (rule.most === 7 ? 6 : rule.most) - rule.least + 1;
  const step = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > values) {
    throw wrong(item, rule, `a step is a whole number from 1 to ${values}`);
  }
  return step;
}

function wrong(item: string, rule: FieldRule, right?: string): ScheduleError {
  const names = rule.names.length === 0 ? "" : `, ${rule.names[0]} to ${rule.names.at(-1)}`;
  const allowed = right ?? `right are ${rule.least} to ${rule.most}${names}, as in ${rule.example}`;
  const message = `The ${rule.field} field does not understand ${JSON.stringify(shown(item))}; ${allowed}.`;
  return new ScheduleError(rule.field, message);
}
