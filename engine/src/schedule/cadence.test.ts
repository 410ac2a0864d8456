import fc from "fast-check";
import { expect, it } from "vitest";
import { cadenceOf, rhythmOf, startGraceDefaultMs } from "./cadence.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const every = (intervalMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => 1_790_000_000_000 + index * intervalMs);

it("[SCHED-7] cadence is the median distance: a pause and a repetition do not count", () => {
  const daily = every(DAY_MS, 9);
  expect(rhythmOf(daily)).toEqual({ cadence: "DAILY", intervalMs: DAY_MS });
  const [first = 0] = daily;
  const disturbed = [...daily.slice(0, 4), ...daily.slice(6), first + 3 * MINUTE_MS];
  expect(rhythmOf(disturbed)?.cadence).toBe("DAILY");
  expect(rhythmOf(every(31 * DAY_MS, 3))?.cadence).toBe("RARE");
  expect(rhythmOf(every(15 * MINUTE_MS, 3))?.cadence).toBe("FREQUENT");
  expect(rhythmOf([])).toBeNull();
  expect(rhythmOf([5, 5])).toBeNull();
});

it("[SCHED-7] the order in which instances are given does not matter", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { maxLength: 20 }), (instances) => {
      expect(rhythmOf(instances.toReversed())).toEqual(rhythmOf(instances));
    }),
  );
});

it("[CLOCK-3] the default start grace follows the cadence", () => {
  expect(cadenceOf(15 * MINUTE_MS + 1)).toBe("DAILY");
  expect(cadenceOf(25 * DAY_MS)).toBe("RARE");
  expect(startGraceDefaultMs("FREQUENT", 5 * MINUTE_MS)).toBe(5 * MINUTE_MS);
  expect(startGraceDefaultMs("FREQUENT", 20_000)).toBe(MINUTE_MS);
  expect(startGraceDefaultMs("DAILY", DAY_MS)).toBe(10 * MINUTE_MS);
  expect(startGraceDefaultMs("RARE", 30 * DAY_MS)).toBe(60 * MINUTE_MS);
});
