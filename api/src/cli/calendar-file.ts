import { extname } from "node:path";
import { CALENDAR_DAY_KINDS, type CalendarDay } from "@batchwatch/engine";
import { parse } from "csv-parse/sync";
import { CommandError } from "./command.ts";

const DAY_MS = 86_400_000;
/** Days that one all-day event may last: a longer one is a mistake, not a holiday. */
const EVENT_DAYS = 31;

/** The days that a calendar file lists, by its ending. Fails with a line that says what would be right. */
export function calendarDaysOf(file: string, contents: string): CalendarDay[] {
  const ending = extname(file).toLowerCase();
  if (ending === ".csv") return daysOfCsv(contents);
  if (ending === ".ics") return daysOfEvents(contents);
  throw new CommandError(`${file}: give a file that ends in .csv or .ics.`);
}

function daysOfCsv(contents: string): CalendarDay[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(contents, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The CSV file cannot be read: ${reason}`);
  }
  return rows.map((row, index) => {
    const line = index + 2;
    const { day, label } = row;
    const kind = CALENDAR_DAY_KINDS.find((one) => one === row["kind"]);
    if (day === undefined || kind === undefined) {
      throw new CommandError(
        `Line ${line}: give the columns day,kind,label, with kind one of ${CALENDAR_DAY_KINDS.join(", ")}.`,
      );
    }
    return { day, kind, label: label ?? "" };
  });
}

/**
 * All-day events of an iCalendar file (RFC 5545): DTSTART as a date, DTEND exclusive. Anything that would need a
 * reckoning of recurrences is refused, because a day left out unseen would make a job late on a holiday.
 */
function daysOfEvents(contents: string): CalendarDay[] {
  const days = new Map<string, CalendarDay>();
  let event: Map<string, string> | null = null;
  for (const line of unfolded(contents)) {
    const [, name = "", value = ""] = /^([^:;]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? [];
    const property = name.toUpperCase();
    if (property === "BEGIN" && value.toUpperCase() === "VEVENT") event = new Map();
    else if (property === "END" && value.toUpperCase() === "VEVENT" && event !== null) {
      for (const day of daysOfEvent(event)) days.set(day.day, day);
      event = null;
    } else event?.set(property, value);
  }
  if (days.size === 0) throw new CommandError("The iCalendar file holds no all-day event.");
  return [...days.values()];
}

function daysOfEvent(event: ReadonlyMap<string, string>): CalendarDay[] {
  const label = unescaped(event.get("SUMMARY") ?? "");
  if (event.has("RRULE") || event.has("RDATE")) {
    throw new CommandError(
      `The event "${label}" repeats by a rule; export the calendar with single days.`,
    );
  }
  const first = dayNumber(event.get("DTSTART"));
  // An event with a time of day is an appointment.
  if (first === null) return [];
  const end = dayNumber(event.get("DTEND")) ?? first + 1;
  if (end <= first || end - first > EVENT_DAYS) {
    throw new CommandError(`The event "${label}" must last from 1 to ${EVENT_DAYS} days.`);
  }
  return Array.from({ length: end - first }, (_, index) => ({
    day: new Date((first + index) * DAY_MS).toISOString().slice(0, 10),
    kind: "FREE" as const,
    label,
  }));
}

/** Days since 1970 of YYYYMMDD; null for a time of day or for no day at all. */
function dayNumber(value: string | undefined): number | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value?.trim() ?? "") ?? [];
  if (year === undefined) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const same = new Date(at).toISOString().startsWith(`${year}-${month}-${day}`);
  if (!same) throw new CommandError(`${value} is not a day of the calendar.`);
  return at / DAY_MS;
}

/** A line that begins with a blank goes on from the one before. */
function unfolded(contents: string): string[] {
  return contents.replaceAll(/\r?\n[ \t]/g, "").split(/\r?\n/);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\;,nN])/g, (_, escaped: string) =>
    escaped.toLowerCase() === "n" ? " " : escaped,
  );
}
