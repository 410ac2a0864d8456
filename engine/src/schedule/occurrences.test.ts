import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FreeDayRule } from "../model/job.ts";
import type { Calendar, CalendarDay, Schedule } from "../model/schedule.ts";
import { daysCovered, endsSoon } from "./business-days.ts";
import { Firings } from "./firings.ts";
import { occurrencesOf } from "./occurrences.ts";

const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);
const iso = (instants: readonly number[]) =>
  instants.map((instant) => new Date(instant).toISOString().slice(0, 16));

const schedule = (
  expression: string,
  freeDayRule: FreeDayRule,
  zone = "Europe/Paris",
): Schedule => ({
  expression,
  zone,
  calendarId: "bank",
  freeDayRule,
  origin: "SET",
  since: 0,
});
const calendar = (
  days: Record<string, CalendarDay["kind"]>,
  more: Partial<Calendar> = {},
): Calendar => ({
  calendarId: "bank",
  name: "Bank",
  zone: "Europe/Paris",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: null,
  days: Object.entries(days).map(([day, kind]) => ({ day, kind, label: kind })),
  ...more,
});

/** Easter 2026: Friday 3 April and Monday 6 April are free, and the clocks change on Sunday 29 March. */
const EASTER = calendar({ "2026-04-03": "FREE", "2026-04-06": "FREE" });
const due = (given: Schedule, using: Calendar | null, from: string, to: string) =>
  iso(occurrencesOf(given, using).between(at(from), at(to), 100));

describe("[SCHED-3] free days", () => {
  const from = "2026-04-01T22:00Z";
  const to = "2026-04-07T22:00Z";
  it("RUN ignores the calendar", () => {
    expect(due(schedule("0 6 * * *", "RUN"), EASTER, from, to)).toHaveLength(6);
  });
  it("SKIP drops the occurrence", () => {
    expect(due(schedule("0 6 * * *", "SKIP"), EASTER, from, to)).toEqual([
      "2026-04-02T04:00",
      "2026-04-07T04:00",
    ]);
  });
  it("PREVIOUS and NEXT move it; two that meet are one", () => {
    expect(due(schedule("0 6 3,4 * *", "PREVIOUS"), EASTER, from, to)).toEqual([
      "2026-04-02T04:00",
    ]);
    expect(due(schedule("0 6 3-7 * *", "NEXT"), EASTER, from, to)).toEqual(["2026-04-07T04:00"]);
    expect(due(schedule("0 6,18 3-5 * *", "NEXT"), EASTER, from, to)).toEqual([
      "2026-04-07T04:00",
      "2026-04-07T16:00",
    ]);
  });
  it("the last business day of a month is L with PREVIOUS", () => {
    expect(
      due(schedule("0 22 L * *", "PREVIOUS"), EASTER, "2026-01-01T00:00Z", "2026-06-01T00:00Z"),
    ).toEqual([
      "2026-01-30T21:00",
      "2026-02-27T21:00",
      "2026-03-31T20:00",
      "2026-04-30T20:00",
      "2026-05-29T20:00",
    ]);
  });
  it("a moved occurrence keeps its wall-clock time across a change, even one that was skipped", () => {
    expect(
      due(schedule("30 2 * * 0", "PREVIOUS"), EASTER, "2026-03-26T00:00Z", "2026-03-28T00:00Z"),
    ).toEqual(["2026-03-27T01:30"]);
    expect(
      due(schedule("30 2 * * *", "NEXT"), EASTER, "2026-03-28T00:00Z", "2026-03-31T00:00Z"),
    ).toEqual(["2026-03-30T00:30"]);
  });
  it("EXTRA makes a business day; MONTH_END and SHORT leave a day as it is", () => {
    const days = calendar({ "2026-04-04": "EXTRA", "2026-04-05": "SHORT", "2026-04-02": "SHORT" });
    expect(due(schedule("0 6 * * *", "SKIP"), days, from, to)).toEqual([
      "2026-04-02T04:00",
      "2026-04-03T04:00",
      "2026-04-04T04:00",
      "2026-04-06T04:00",
      "2026-04-07T04:00",
    ]);
  });
  it("the day is the calendar's: 23:00 in UTC is the next day in Sydney", () => {
    const sydney = calendar({ "2026-06-08": "FREE" }, { zone: "Australia/Sydney" });
    expect(
      due(schedule("0 23 * * *", "SKIP", "UTC"), sydney, "2026-06-04T00:00Z", "2026-06-09T00:00Z"),
    ).toEqual(["2026-06-04T23:00", "2026-06-08T23:00"]);
  });
  it("a calendar without any business day is due never", () => {
    const never = calendar({}, { workdays: [] });
    const once = calendar({ "2026-04-04": "EXTRA" }, { workdays: [] });
    for (const rule of ["SKIP", "PREVIOUS", "NEXT"] as const) {
      for (const expression of ["* * * * *", "0 6 * * *", "0 0 30 2 *"]) {
        expect(due(schedule(expression, rule), never, from, to)).toEqual([]);
        expect(
          occurrencesOf(schedule(expression, rule), once).next(at("2026-05-01T00:00Z")),
        ).toBeNull();
      }
    }
    expect(occurrencesOf(schedule("0 6 * * 6,7", "SKIP"), EASTER).next(at(from))).toBeNull();
  });
});

describe("[SCHED-4] the end of a calendar", () => {
  const until = calendar(
    { "2026-04-03": "FREE", "2026-04-06": "FREE" },
    { coversUntil: "2026-04-05" },
  );
  it("beyond it a day is what its weekday says", () => {
    expect(
      due(schedule("0 6 * * *", "SKIP"), until, "2026-04-01T22:00Z", "2026-04-06T22:00Z"),
    ).toEqual(["2026-04-02T04:00", "2026-04-06T04:00"]);
  });
  it("is an alarm 45 days before, in the calendar's zone", () => {
    expect(daysCovered(until, at("2026-04-05T12:00Z"))).toBe(0);
    expect(daysCovered(until, at("2026-04-05T22:00Z"))).toBe(-1);
    expect(daysCovered(until, at("2026-02-19T12:00Z"))).toBe(45);
    expect(endsSoon(until, at("2026-02-19T12:00Z"))).toBe(false);
    expect(endsSoon(until, at("2026-02-19T23:00Z"))).toBe(true);
    expect(endsSoon(EASTER, at("2026-02-19T23:00Z"))).toBe(false);
  });
});

it("[SCHED-6] nothing is due before the schedule was given", () => {
  const since = { ...schedule("0 6 * * *", "RUN"), since: at("2026-04-03T04:00Z") };
  expect(due(since, null, "2026-04-01T00:00Z", "2026-04-04T12:00Z")).toEqual([
    "2026-04-03T04:00",
    "2026-04-04T04:00",
  ]);
});

/** The rule by its words: every firing of a wide time, kept, dropped or moved day by day, then sorted. */
function byWords(given: Schedule, using: Calendar, from: number, to: number): number[] {
  const wide = 20 * DAY_MS;
  const open = (day: number) => {
    const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    const kind = using.days.find((one) => one.day === text)?.kind;
    const weekday = new Date(day * DAY_MS).getUTCDay() || 7;
    return kind !== "FREE" && (kind === "EXTRA" || using.workdays.includes(weekday));
  };
  const firings = new Firings(given.expression, "UTC").between(from - wide, to + wide, 100_000);
  const moved = firings.flatMap((firing) => {
    let day = Math.floor(firing / DAY_MS);
    if (open(day)) return [firing];
    if (given.freeDayRule === "SKIP") return [];
    while (!open(day)) day += given.freeDayRule === "NEXT" ? 1 : -1;
    return [day * DAY_MS + (firing % DAY_MS)];
  });
  return [...new Set(moved)].filter((one) => one > from && one <= to).sort((a, b) => a - b);
}

it("[SCHED-3] in general: what next() walks over is what the rule says of each firing", () => {
  const start = at("2026-03-01T00:00Z");
  fc.assert(
    fc.property(
      fc.constantFrom<FreeDayRule>("SKIP", "PREVIOUS", "NEXT"),
      fc.constantFrom(
        "0 6 * * *",
        "15 6,18 * * 5-7",
        "0 */7 * * *",
        "30 23 1,15,L * *",
        "0 0 * * 6",
      ),
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 60 }),
          fc.constantFrom<CalendarDay["kind"]>("FREE", "EXTRA"),
        ),
        {
          maxLength: 12,
        },
      ),
      fc.integer({ min: 0, max: 40 * 1_440 }),
      (rule, expression, picked, minutes) => {
        const days = Object.fromEntries(
          picked.map(([offset, kind]) => [
            new Date(start + offset * DAY_MS).toISOString().slice(0, 10),
            kind,
          ]),
        );
        const using = calendar(days, { zone: "UTC" });
        const given = schedule(expression, rule, "UTC");
        const from = start + minutes * 60_000;
        const to = from + 20 * DAY_MS;
        expect(occurrencesOf(given, using).between(from, to, 1_000)).toEqual(
          byWords(given, using, from, to),
        );
      },
    ),
  );
});
