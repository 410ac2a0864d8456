import { describe, expect, test } from "vitest";
import { calendarDaysOf } from "./calendar-file.ts";

const ics = (...events: string[][]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    ...events.flatMap((lines) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");

describe("a CSV file", () => {
  test("as a spreadsheet writes it: byte order mark, quotes, empty lines", () => {
    const text =
      '\uFEFFday,kind,label\r\n2026-04-03,FREE,"Good Friday, all"\r\n\r\n2026-12-24, SHORT ,\r\n';
    expect(calendarDaysOf("target.CSV", text)).toEqual([
      { day: "2026-04-03", kind: "FREE", label: "Good Friday, all" },
      { day: "2026-12-24", kind: "SHORT", label: "" },
    ]);
  });

  test.each([
    ["day,kind,label\n2026-04-03,HOLIDAY,x\n", "Line 2"],
    ["date,kind,label\n2026-04-03,FREE,x\n", "day,kind,label"],
    ['day,kind,label\n2026-04-03,FREE,"x\n', "cannot be read"],
  ])("%j is refused", (text, right) => {
    expect(() => calendarDaysOf("a.csv", text)).toThrow(right);
  });
});

describe("an iCalendar file", () => {
  test("gives the days of its all-day events; the end is the first day that is not meant", () => {
    const text = ics(
      ["DTSTART;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20260404", "SUMMARY:Good Fri", " day"],
      [
        "SUMMARY;LANGUAGE=en:Year end\\, bridge",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270102",
      ],
      ["DTSTART:20260105T090000Z", "SUMMARY:Meeting"],
    );
    expect(calendarDaysOf("target.ics", text)).toEqual([
      { day: "2026-04-03", kind: "FREE", label: "Good Friday" },
      { day: "2026-12-31", kind: "FREE", label: "Year end, bridge" },
      { day: "2027-01-01", kind: "FREE", label: "Year end, bridge" },
    ]);
  });

  test.each([
    [["DTSTART;VALUE=DATE:20260403", "RRULE:FREQ=YEARLY", "SUMMARY:Easter"], "repeats by a rule"],
    [["DTSTART;VALUE=DATE:20260230"], "not a day"],
    [["DTSTART;VALUE=DATE:20260403", "DTEND;VALUE=DATE:20270403"], "must last"],
    [["DTSTART:20260105T090000Z"], "no all-day event"],
  ])("%j is refused", (event, right) => {
    expect(() => calendarDaysOf("a.ics", ics(event))).toThrow(right);
  });
});

test("another ending is refused", () => {
  expect(() => calendarDaysOf("days.xlsx", "")).toThrow(".csv or .ics");
});
