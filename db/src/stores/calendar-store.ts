import type { Calendar, CalendarDay, CalendarStore, ChangeAuthor } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { CalendarDayTable, CalendarTable } from "../schema/settings-tables.ts";
import { once } from "./command-once.ts";
import { nextVersion, readVersion } from "./settings-version.ts";

const writeCalendar = rowWriter("calendar", ["calendar_id"], {
  calendar_id: "keep",
  name: "replace",
  zone: "replace",
  workdays: "replace",
  covers_until: "replace",
  changed_at: "replace",
  changed_by: "replace",
});

const writeDay = rowWriter("calendar_day", ["calendar_id", "calendar_day"], {
  calendar_id: "keep",
  calendar_day: "keep",
  kind: "replace",
  label: "replace",
});

export function calendarStore(db: Kysely<Database>): CalendarStore {
  return {
    version: () => readVersion(db, "calendar_version"),
    all: () => db.transaction().execute((tx) => readCalendars(tx, null)),
    get: (calendarId) =>
      db.transaction().execute(async (tx) => (await readCalendars(tx, calendarId))[0] ?? null),
    put: (calendar, by, now) =>
      db
        .transaction()
        .execute((tx) =>
          once(tx, by, `calendar ${calendar.calendarId}`, now, () =>
            putCalendar(tx, calendar, by, now),
          ),
        ),
  };
}

/** Makes or replaces it whole. */
export async function putCalendar(
  tx: Kysely<Database>,
  calendar: Calendar,
  by: ChangeAuthor,
  now: number,
): Promise<Calendar> {
  await writeCalendar.write(tx, {
    calendar_id: calendar.calendarId,
    name: calendar.name,
    zone: calendar.zone,
    workdays: calendar.workdays.join(","),
    covers_until: calendar.coversUntil,
    changed_at: now,
    changed_by: by.name,
  });
  await tx.deleteFrom("calendar_day").where("calendar_id", "=", calendar.calendarId).execute();
  for (const { day, kind, label } of calendar.days) {
    const row = { calendar_id: calendar.calendarId, calendar_day: day, kind, label };
    await writeDay.write(tx, row);
  }
  await nextVersion(tx, "calendar_version");
  await nextVersion(tx, "settings_version");
  return calendar;
}

/** All of them, or the one of this id. */
export async function readCalendars(
  tx: Kysely<Database>,
  calendarId: string | null,
): Promise<readonly Calendar[]> {
  let calendars = tx.selectFrom("calendar").selectAll().orderBy("name").orderBy("calendar_id");
  let days = tx.selectFrom("calendar_day").selectAll().orderBy("calendar_day");
  if (calendarId !== null) {
    calendars = calendars.where("calendar_id", "=", calendarId);
    days = days.where("calendar_id", "=", calendarId);
  }
  const daysOf = new Map<string, CalendarDayTable[]>();
  for (const row of await days.execute()) {
    const known = daysOf.get(row.calendar_id);
    if (known === undefined) daysOf.set(row.calendar_id, [row]);
    else known.push(row);
  }
  return (await calendars.execute()).map((row) =>
    calendarOf(row, daysOf.get(row.calendar_id) ?? []),
  );
}

function calendarOf(row: CalendarTable, days: readonly CalendarDayTable[]): Calendar {
  return {
    calendarId: row.calendar_id,
    name: row.name,
    zone: row.zone,
    workdays: row.workdays === null ? [] : row.workdays.split(",").map(Number),
    coversUntil: row.covers_until,
    days: days.map(dayOf),
  };
}

function dayOf(row: CalendarDayTable): CalendarDay {
  return { day: row.calendar_day, kind: row.kind, label: row.label ?? "" };
}
