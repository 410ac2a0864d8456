import fc from "fast-check";
import { expect, it } from "vitest";
import { slotToleranceMs, type Taker, takersOf } from "./takers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Three days at the same time, with a day before and a day after. */
const DAYS = [10, 11, 12].map((day) => day * DAY_MS);
const BOUNDS = { before: 9 * DAY_MS, after: 13 * DAY_MS };

const run = (
  executionId: string,
  startedAt: number | null,
  nominalAt: number | null = null,
): Taker => ({
  executionId,
  startedAt,
  nominalAt,
});
const ids = (runs: readonly Taker[], bounds: Parameters<typeof takersOf>[2] = BOUNDS) =>
  takersOf(DAYS, runs, bounds).map((taker) => taker?.executionId ?? null);

it("[SCHED-5] the first run from the tolerance before it until the next one's takes an occurrence", () => {
  expect(
    ids([run("late", 10 * DAY_MS + 5 * HOUR_MS), run("second", 10 * DAY_MS + 6 * HOUR_MS)]),
  ).toEqual(["late", null, null]);
  expect(ids([run("early", 11 * DAY_MS - 15 * MINUTE_MS)])).toEqual([null, "early", null]);
  expect(ids([run("very late", 11 * DAY_MS - 16 * MINUTE_MS)])).toEqual(["very late", null, null]);
  expect(ids([run("before all", 10 * DAY_MS - 16 * MINUTE_MS)])).toEqual([null, null, null]);
  expect(ids([run("after all", 13 * DAY_MS - 10 * MINUTE_MS)])).toEqual([null, null, null]);
  expect(ids([run("open end", 40 * DAY_MS)], { before: null, after: null })).toEqual([
    null,
    null,
    "open end",
  ]);
});

it("[SCHED-5] a nominal time goes before any start", () => {
  const stated = run("stated", 10 * DAY_MS + 3 * HOUR_MS, 10 * DAY_MS);
  expect(ids([run("first", 10 * DAY_MS), stated])).toEqual(["stated", null, null]);
  const lastWeek = run("repetition of last week", 11 * DAY_MS, 4 * DAY_MS);
  expect(ids([lastWeek])).toEqual([null, null, null]);
  expect(ids([run("announced only", null, 12 * DAY_MS)])).toEqual([null, null, "announced only"]);
  expect(ids([run("nothing known", null)])).toEqual([null, null, null]);
});

it("[SCHED-5] the tolerance is a quarter of the interval, at most 15 min", () => {
  expect(slotToleranceMs(4 * MINUTE_MS)).toBe(MINUTE_MS);
  expect(slotToleranceMs(DAY_MS)).toBe(15 * MINUTE_MS);
});

it("[SCHED-5] neither order nor repetition matters, and no run takes two", () => {
  const time = fc.integer({ min: 9 * DAY_MS, max: 14 * DAY_MS });
  const runs = fc.array(
    fc.record({
      executionId: fc.uuid(),
      startedAt: fc.option(time),
      nominalAt: fc.option(fc.oneof(time, fc.constantFrom(...DAYS)), { freq: 2 }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(runs, (given) => {
      const taken = ids(given);
      expect(ids([...given.toReversed(), ...given])).toEqual(taken);
      const takers = taken.filter((id) => id !== null);
      expect(new Set(takers).size).toBe(takers.length);
    }),
  );
});
