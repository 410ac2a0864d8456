import { isDay } from "../contracts/read-time.ts";
import { readName } from "../contracts/readers.ts";
import { Refusal } from "../contracts/refusal.ts";
import { cutText, stripText } from "../masking/clean-text.ts";
import { maskText } from "../masking/mask-text.ts";
import type { FreeDayRule } from "../model/job.ts";
import { CADENCES, DEFAULT_CLOCKS, type ClockSettings } from "../model/job-settings.ts";
import { LIMITS } from "../model/limits.ts";
import type { Calendar, CalendarDayKind } from "../model/schedule.ts";
import {
  ChangeRefused,
  type ScheduleChange,
  type SettingsChange,
} from "../model/settings-change.ts";
import { checkExpression, checkZone } from "./check-expression.ts";
import { ScheduleError } from "./schedule-error.ts";

export const FREE_DAY_RULES: readonly FreeDayRule[] = ["RUN", "SKIP", "PREVIOUS", "NEXT"];
export const CALENDAR_DAY_KINDS: readonly CalendarDayKind[] = [
  "FREE",
  "EXTRA",
  "MONTH_END",
  "SHORT",
];

const CLOCK_NAMES = Object.keys(DEFAULT_CLOCKS) as (keyof ClockSettings)[];
/** Whom to ring or to write to is what a first step is for: of what people set, these two stay. */
const REACHABLE = ["phone", "email"] as const;
/** Shortest time a clock may be set to: below it every run would be judged by chance. */
const LEAST_CLOCK_MS = 1_000;

/** The change with its texts trimmed. Throws {@link ChangeRefused}. */
export function checkedChange(change: SettingsChange): SettingsChange {
  const checked: { -readonly [K in keyof SettingsChange]: SettingsChange[K] } = { ...change };
  const tier = change.tier ?? null;
  if (tier !== null && ![1, 2, 3, 4].includes(tier)) {
    throw new ChangeRefused("invalid_setting", "tier", "give 1 (critical) to 4 (low).");
  }
  if (change.cadence != null && !CADENCES.includes(change.cadence)) {
    throw new ChangeRefused("invalid_setting", "cadence", `give one of ${CADENCES.join(", ")}.`);
  }
  for (const field of ["businessName", "firstStep"] as const) {
    if (change[field] != null) {
      checked[field] = checkedText(field, change[field], LIMITS.settingTextLength);
    }
  }
  if (change.runbookUrl != null) checked.runbookUrl = checkedUrl(change.runbookUrl);
  if (change.schedule != null) checked.schedule = checkedSchedule(change.schedule);
  for (const name of CLOCK_NAMES) checkClock(name, change.clocks?.[name] ?? null);
  return checked;
}

function checkedSchedule(schedule: ScheduleChange): ScheduleChange {
  const rule = schedule.freeDayRule ?? "RUN";
  if (!FREE_DAY_RULES.includes(rule)) {
    const right = `give one of ${FREE_DAY_RULES.join(", ")}.`;
    throw new ChangeRefused("invalid_schedule", "schedule.freeDayRule", right);
  }
  return {
    expression: checkedExpression(schedule.expression),
    zone: checkedZone("invalid_schedule", "schedule.zone", schedule.zone),
    calendarId: schedule.calendarId ?? null,
    freeDayRule: rule,
  };
}

/** The expression in the form that it is kept in. One that can never fire is a mistake of its author. */
function checkedExpression(expression: string): string {
  const field = "schedule.expression";
  try {
    const parsed = checkExpression(expression);
    if (parsed.everFires) return parsed.text;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new ChangeRefused("invalid_schedule", field, error.message);
  }
  const right =
    "No date has this day and month; right is one that the calendar has, as in 0 6 28 2 *.";
  throw new ChangeRefused("invalid_schedule", field, right);
}

function checkClock(name: string, value: number | null): void {
  if (value === null) return;
  if (Number.isSafeInteger(value) && value >= LEAST_CLOCK_MS && value <= LIMITS.clockMs) return;
  const right = `give whole milliseconds from ${LEAST_CLOCK_MS} to ${LIMITS.clockMs}.`;
  throw new ChangeRefused("invalid_setting", `clocks.${name}`, right);
}

function checkedText(field: string, text: string, most: number): string | null {
  const trimmed = text.trim();
  if (trimmed.length > most || /[\t\n]/.test(trimmed) || stripText(trimmed) !== trimmed) {
    const right = `give one line of at most ${most} characters.`;
    throw new ChangeRefused("invalid_setting", field, right);
  }
  return trimmed === "" ? null : cutText(maskText(trimmed, REACHABLE).text, most);
}

/** Only addresses that a browser opens as a page: anything else in a link could run. */
function checkedUrl(text: string): string | null {
  const url = checkedText("runbookUrl", text, LIMITS.urlLength);
  if (url === null) return null;
  if (/^https?:\/\/[^\s]+$/i.test(url) && URL.canParse(url)) return url;
  const right = "give an address that begins with https:// or http://.";
  throw new ChangeRefused("invalid_setting", "runbookUrl", right);
}

/** The zone's name as this Node knows it. An offset is no zone: it knows no daylight saving time. */
export function checkedZone(code: ChangeRefused["code"], field: string, zone: string): string {
  try {
    checkZone(zone);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new ChangeRefused(code, field, error.message);
  }
  return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
}

/** A name in the form that facts under it come in (masked as at the door). Throws {@link ChangeRefused}. */
export function checkedJobName(to: { readonly namespace: string; readonly name: string }): {
  readonly namespace: string;
  readonly name: string;
} {
  return { namespace: nameAtDoor("namespace", to.namespace), name: nameAtDoor("name", to.name) };
}

function nameAtDoor(field: string, name: string): string {
  try {
    return readName(name.trim(), field);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new ChangeRefused("invalid_name", field, error.message);
  }
}

/** The calendar with its days in order. Throws {@link ChangeRefused}. */
export function checkedCalendar(calendar: Calendar): Calendar {
  const refuse = (field: string, right: string): never => {
    throw new ChangeRefused("invalid_calendar", field, right);
  };
  if (!/^[a-z0-9-]{1,40}$/.test(calendar.calendarId)) {
    refuse("calendarId", "give 1 to 40 lower-case letters, digits and dashes.");
  }
  const name = checkedText("name", calendar.name, LIMITS.settingTextLength);
  if (name === null) return refuse("name", "give the calendar's name.");
  const workdays = [...new Set(calendar.workdays)].sort((a, b) => a - b);
  if (!workdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7)) {
    refuse("workdays", "give ISO weekdays: 1 Monday to 7 Sunday.");
  }
  if (calendar.coversUntil !== null) checkDay("coversUntil", calendar.coversUntil);
  if (calendar.days.length > LIMITS.calendarDays) {
    refuse("days", `give at most ${LIMITS.calendarDays} days.`);
  }
  const seen = new Set<string>();
  const days = calendar.days.map((day, index) => {
    checkDay(`days[${index}].day`, day.day);
    if (seen.has(day.day)) refuse(`days[${index}].day`, `${day.day} is there twice.`);
    seen.add(day.day);
    if (!CALENDAR_DAY_KINDS.includes(day.kind)) {
      refuse(`days[${index}].kind`, `give one of ${CALENDAR_DAY_KINDS.join(", ")}.`);
    }
    const label = checkedText(`days[${index}].label`, day.label, LIMITS.settingTextLength) ?? "";
    return { ...day, label };
  });
  return {
    ...calendar,
    name,
    zone: checkedZone("invalid_calendar", "zone", calendar.zone),
    workdays,
    days: days.sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}

function checkDay(field: string, day: string): void {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year !== undefined && isDay(Number(year), Number(month), Number(date))) return;
  throw new ChangeRefused("invalid_calendar", field, "give a day as YYYY-MM-DD.");
}
