import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Firings } from "./firings.ts";
import { zoneClockOf } from "./zone-clock.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (text: string) => Date.parse(text);
const iso = (instants: readonly number[]) =>
  instants.map((instant) => new Date(instant).toISOString().slice(0, 16));
const firings = (expression: string, zone: string, from: string, to: string) =>
  iso(new Firings(expression, zone).between(at(from), at(to), 1_000));

interface Golden {
  readonly tz: string;
  readonly expr: string;
  readonly from: string;
  readonly to: string;
  readonly expected: readonly string[];
}
const golden = join(
  process.env["BATCHWATCH_TEST_DATA"] ?? "../shared/data",
  "cron-dst",
  "golden.json",
);

describe("[SCHED-1] golden answers", () => {
  if (!existsSync(golden)) {
    it.skip("1,400 cases around clock changes: no data at BATCHWATCH_TEST_DATA", () => {});
    return;
  }
  it("1,400 cases around clock changes", () => {
    const cases = JSON.parse(readFileSync(golden, "utf8")) as readonly Golden[];
    const wrong = cases.filter(({ tz, expr, from, to, expected }) => {
      const found = new Firings(expr, tz).between(at(from), at(to), 10_000);
      return JSON.stringify(found) !== JSON.stringify(expected.map(at));
    });
    expect(cases.length).toBe(1_400);
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe("[SCHED-1] clock changes", () => {
  it("a fixed time in a skipped hour fires at the change", () => {
    expect(firings("30 2 * * *", "Europe/Paris", "2026-03-28T00:00Z", "2026-03-30T12:00Z")).toEqual(
      ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"],
    );
  });

  it("a fixed time in a repeated hour fires once, at the first", () => {
    expect(firings("30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-26T12:00Z")).toEqual(
      ["2026-10-25T00:30", "2026-10-26T01:30"],
    );
    const between = new Firings("30 2 * * *", "Europe/Paris").next(at("2026-10-25T00:45Z"));
    expect(iso([between ?? 0])).toEqual(["2026-10-26T01:30"]);
  });

  it("several skipped readings are one firing at the change, together with a regular one there", () => {
    expect(
      firings("0,30 2-3 * * *", "Europe/Paris", "2026-03-29T00:00Z", "2026-03-29T12:00Z"),
    ).toEqual(["2026-03-29T01:00", "2026-03-29T01:30"]);
  });

  it("an interval expression follows real time", () => {
    expect(firings("30 * * * *", "Europe/Paris", "2026-03-29T00:00Z", "2026-03-29T02:00Z")).toEqual(
      ["2026-03-29T00:30", "2026-03-29T01:30"],
    );
    expect(
      firings("*/30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-25T12:00Z"),
    ).toEqual(["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]);
    expect(
      firings("*/30 2 * * *", "Europe/Paris", "2026-03-28T12:00Z", "2026-03-29T12:00Z"),
    ).toEqual([]);
  });

  it("a change of 30 minutes and a skipped day follow the same rules", () => {
    expect(
      firings("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-04T00:00Z"),
    ).toEqual(["2026-10-03T15:30"]);
    expect(firings("0 9 * * *", "Pacific/Apia", "2011-12-29T10:30Z", "2011-12-31T00:00Z")).toEqual([
      "2011-12-29T19:00",
      "2011-12-30T10:00",
      "2011-12-30T19:00",
    ]);
  });
});

describe("[SCHED-1] days", () => {
  it("either day of month or day of week, unless one starts with *", () => {
    expect(firings("0 0 1 * 1", "UTC", "2026-05-31T12:00Z", "2026-06-09T00:00Z")).toEqual([
      "2026-06-01T00:00",
      "2026-06-08T00:00",
    ]);
    expect(firings("0 0 15 * 1", "UTC", "2026-05-31T12:00Z", "2026-06-16T00:00Z")).toHaveLength(3);
    expect(firings("0 0 */14 * 1", "UTC", "2026-05-31T12:00Z", "2026-07-01T00:00Z")).toEqual([
      "2026-06-01T00:00",
      "2026-06-15T00:00",
      "2026-06-29T00:00",
    ]);
  });

  it("L is the last day of every month", () => {
    expect(firings("0 22 L * *", "UTC", "2028-01-31T23:00Z", "2028-04-30T23:00Z")).toEqual([
      "2028-02-29T22:00",
      "2028-03-31T22:00",
      "2028-04-30T22:00",
    ]);
  });

  it("is total: what never fires is null", () => {
    for (const expression of ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30-31 2 */2"]) {
      expect(new Firings(expression, "Europe/Paris").next(at("2026-01-01T00:00Z"))).toBeNull();
    }
    const leap = new Firings("0 0 29 2 *", "Europe/Paris");
    expect(iso([leap.next(at("2028-03-01T00:00Z")) ?? 0])).toEqual(["2032-02-28T23:00"]);
    for (const extreme of [-Infinity, -9e15, 9e15, Infinity]) {
      expect(() => leap.next(extreme)).not.toThrow();
    }
  });
});

const field = (least: number, most: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: 2, max: 7 }).map((step) => `*/${step}`),
    fc.integer({ min: least, max: most }).map(String),
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  );
const ZONES = [
  "Europe/Paris",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Asia/Kolkata",
  "UTC",
];

describe("[SCHED-1] in general", () => {
  it("next() walks ascending, and from any instant finds what a walk from further back finds", () => {
    fc.assert(
      fc.property(
        field(0, 59),
        field(0, 23),
        field(1, 31),
        field(0, 6),
        fc.constantFrom(...ZONES),
        fc.integer({ min: at("2024-01-01T00:00Z"), max: at("2030-01-01T00:00Z") }),
        (minute, hour, day, weekday, zone, from) => {
          const cron = new Firings(`${minute} ${hour} ${day} * ${weekday}`, zone);
          const walked = cron.between(from, from + 40 * 24 * HOUR_MS, 50);
          for (const [index, one] of walked.entries()) {
            const before = walked[index - 1] ?? from;
            expect(one).toBeGreaterThan(before);
            expect(cron.next(Math.floor((before + one) / 2))).toBe(one);
            expect(cron.next(one - 1)).toBe(one);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("a reading is first shown at firstAt, and reachedBy says up to which reading the clock came", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: at("2024-01-01T00:00Z"), max: at("2030-01-01T00:00Z") }),
        (zone, reading) => {
          const clock = zoneClockOf(zone);
          const instant = clock.firstAt(reading);
          expect(clock.readingAt(instant)).toBeGreaterThanOrEqual(reading);
          expect(clock.reachedBy(instant)).toBeGreaterThanOrEqual(reading);
          expect(clock.reachedBy(instant - 1)).toBeLessThan(reading);
        },
      ),
    );
  });
});
