import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Calendar } from "../model/schedule.ts";
import { ChangeRefused, type SettingsChange } from "../model/settings-change.ts";
import { checkedCalendar, checkedChange } from "./check-change.ts";

const check = (change: unknown) => checkedChange(change as SettingsChange);

function refusal(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof ChangeRefused) return [error.code, error.field];
    throw error;
  }
}

describe("a change of settings", () => {
  it("is masked, but for whom to ring or to write to", () => {
    const change = {
      businessName: "cards 4111 1111 1111 1111",
      firstStep: "ring +49 30 1234567, mail ops@bank.example, password=hunter2",
      runbookUrl: "https://ops:hunter2@wiki.example/gl",
    };
    expect(check(change)).toEqual({
      businessName: "cards [card …1111]",
      firstStep: "ring +49 30 1234567, mail ops@bank.example, password=[secret]",
      runbookUrl: "https://ops:[secret]@wiki.example/gl",
    });
  });

  it("is passed on with its texts trimmed; an empty text unsets", () => {
    const change = {
      tier: 1,
      businessName: "  Ledger close ",
      firstStep: " ",
      runbookUrl: "https://runbook.example/gl?x=1",
      cadence: null,
      clocks: { startGraceMs: 60_000, heartbeatMs: null },
      schedule: { expression: "30  2 * * mon-fri", zone: "europe/berlin" },
    } as const;
    expect(check(change)).toEqual({
      ...change,
      businessName: "Ledger close",
      firstStep: null,
      schedule: {
        expression: "30 2 * * MON-FRI",
        zone: "Europe/Berlin",
        calendarId: null,
        freeDayRule: "RUN",
      },
    });
    expect(check({ schedule: null })).toEqual({ schedule: null });
  });

  it.each([
    [{ tier: 5 }, "invalid_setting", "tier"],
    [{ cadence: "WEEKLY" }, "invalid_setting", "cadence"],
    [{ businessName: "x".repeat(201) }, "invalid_setting", "businessName"],
    [{ firstStep: "two\nlines" }, "invalid_setting", "firstStep"],
    [{ runbookUrl: "javascript:alert(1)" }, "invalid_setting", "runbookUrl"],
    [{ runbookUrl: "https://" }, "invalid_setting", "runbookUrl"],
    [{ clocks: { heartbeatMs: 999 } }, "invalid_setting", "clocks.heartbeatMs"],
    [{ clocks: { runBudgetMs: 1e12 } }, "invalid_setting", "clocks.runBudgetMs"],
    [{ clocks: { runBudgetMs: 1_500.5 } }, "invalid_setting", "clocks.runBudgetMs"],
    [{ schedule: { expression: "* * *", zone: "UTC" } }, "invalid_schedule", "schedule.expression"],
    [
      { schedule: { expression: "61 * * * *", zone: "UTC" } },
      "invalid_schedule",
      "schedule.expression",
    ],
    [
      { schedule: { expression: "* * * * *", zone: "+02:00" } },
      "invalid_schedule",
      "schedule.zone",
    ],
    [
      { schedule: { expression: "0 0 30 2 *", zone: "UTC" } },
      "invalid_schedule",
      "schedule.expression",
    ],
    [
      { schedule: { expression: "* * * * *", zone: "UTC", freeDayRule: "LATER" } },
      "invalid_schedule",
      "schedule.freeDayRule",
    ],
  ])("%j is refused as %s of %s [SCHED-2]", (change, code, field) => {
    expect(refusal(() => check(change))).toEqual([code, field]);
  });

  it("is refused in words and never fails otherwise, whatever the texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (expression, zone, text) => {
        const found = refusal(() =>
          check({ schedule: { expression, zone }, runbookUrl: text, businessName: text }),
        );
        expect(found === null || Array.isArray(found)).toBe(true);
      }),
    );
  });
});

describe("a calendar", () => {
  const good: Calendar = {
    calendarId: "target",
    name: "TARGET",
    zone: "UTC",
    workdays: [5, 1, 1],
    coversUntil: "2026-12-31",
    days: [
      { day: "2026-12-24", kind: "SHORT", label: " " },
      { day: "2026-04-03", kind: "FREE", label: "Good Friday" },
    ],
  };

  it("is put in order", () => {
    expect(checkedCalendar(good)).toEqual({
      ...good,
      workdays: [1, 5],
      days: [good.days[1], { day: "2026-12-24", kind: "SHORT", label: "" }],
    });
  });

  it.each([
    [{ calendarId: "A B" }, "calendarId"],
    [{ name: " " }, "name"],
    [{ zone: "Mars" }, "zone"],
    [{ workdays: [0] }, "workdays"],
    [{ coversUntil: "2026-02-30" }, "coversUntil"],
    [{ days: [{ day: "3.4.2026", kind: "FREE", label: "" }] }, "days[0].day"],
    [{ days: [...good.days, good.days[0]] }, "days[2].day"],
    [{ days: [{ day: "2026-04-03", kind: "HOLIDAY", label: "" }] }, "days[0].kind"],
  ])("%j is refused by its field %s", (part, field) => {
    expect(refusal(() => checkedCalendar({ ...good, ...part } as Calendar))).toEqual([
      "invalid_calendar",
      field,
    ]);
  });
});
