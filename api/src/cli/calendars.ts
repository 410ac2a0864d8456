import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { type Calendar, checkedCalendar, teamIdOf } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { calendarDaysOf } from "./calendar-file.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { AT_THE_HOST } from "./jobs.ts";
import { withStores } from "./open-store.ts";
import { counted, positional, text, zone } from "./values.ts";

const WEEKDAYS = [1, 2, 3, 4, 5];

export const calendarImport: Command = {
  name: "calendar import",
  sentence: "Makes or replaces a calendar from a file of days.",
  usage:
    "FILE.csv|FILE.ics [--id ID] [--name NAME] [--zone ZONE] [--workdays 1,2,…] [--covers-until DAY]",
  details: [
    "A CSV file has the columns day,kind,label: day as YYYY-MM-DD, kind FREE, EXTRA, MONTH_END or SHORT.",
    "An iCalendar file is read for its all-day events, each a FREE day.",
    "ID is made of the file's name when left out. What a known calendar has stays when left out;",
    "else NAME is the ID, ZONE is UTC, the workdays are 1 (Monday) to 5,",
    "and it covers the last listed day's year.",
  ],
  options: {
    id: { type: "string" },
    name: { type: "string" },
    zone: { type: "string" },
    workdays: { type: "string" },
    "covers-until": { type: "string" },
  },
  positionals: 1,
  async run(given) {
    const file = positional(given, 0, "file");
    const calendarId = text(given, "id") ?? teamIdOf(basename(file, extname(file)));
    const [givenZone, givenDays] = [text(given, "zone"), text(given, "workdays")];
    const zoneName = givenZone === null ? null : zone("zone", givenZone);
    const workdays = givenDays === null ? null : weekdays(givenDays);
    const days = calendarDaysOf(file, await contentsOf(file));
    return withStores(given.io.env, async ({ calendars }, { begins }) => {
      const known = await calendars.get(calendarId);
      const calendar: Calendar = checkedCalendar({
        calendarId,
        name: text(given, "name") ?? known?.name ?? calendarId,
        zone: zoneName ?? known?.zone ?? "UTC",
        workdays: workdays ?? known?.workdays ?? WEEKDAYS,
        coversUntil: text(given, "covers-until") ?? endOfYear(days.map((one) => one.day)),
        days,
      });
      const host = {
        command: "calendar import",
        subjectKind: "calendar",
        subjectId: calendarId,
      };
      await begins(host);
      await calendars.put(calendar, AT_THE_HOST, Date.now());
      const until = calendar.coversUntil ?? "no end";
      return {
        host,
        lines: [
          `${known === null ? "Added" : "Replaced"} ${calendar.name}: ${counted(days.length, "day")}, until ${until}.`,
        ],
        json: { id: calendarId, days: days.length, coversUntil: calendar.coversUntil },
      };
    });
  },
};

export const calendarList: Command = {
  name: "calendar list",
  sentence: "Lists the calendars.",
  usage: "",
  details: [],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ calendars }) => {
      const found = (await calendars.all()).map((calendar) => ({
        id: calendar.calendarId,
        name: calendar.name,
        zone: calendar.zone,
        workdays: calendar.workdays,
        coversUntil: calendar.coversUntil,
        days: calendar.days.length,
      }));
      const lines = found.map(
        (one) =>
          `${one.id}  ${one.name}  ${one.zone}  ${counted(one.days, "day")}  until ${one.coversUntil ?? "no end"}`,
      );
      return { lines: lines.length === 0 ? ["There are no calendars."] : lines, json: found };
    });
  },
};

async function contentsOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > API_LIMITS.calendarFileBytes) {
      throw new CommandError(
        `${file} has ${size} bytes; a calendar of at most ${API_LIMITS.calendarFileBytes} is read.`,
      );
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`${file} cannot be read (${reason}).`);
  }
}

function weekdays(value: string): number[] {
  const days = value.split(",").map(Number);
  if (days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7)) return days;
  throw new UsageError(
    `--workdays is "${value}"; it must be ISO weekdays joined by commas, 1 Monday to 7 Sunday.`,
  );
}

/** A list of free days is made by the year: it speaks for the whole of its last one. */
function endOfYear(days: readonly string[]): string | null {
  const last = [...days].sort().at(-1);
  return last === undefined ? null : `${last.slice(0, 4)}-12-31`;
}
