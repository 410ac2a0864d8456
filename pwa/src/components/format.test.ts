import { expect, test } from "vitest";
import {
  formatAge,
  formatBusinessDate,
  formatBytes,
  formatClock,
  formatDuration,
  formatNumber,
  formatPercent,
  formatMomentIn,
  formatPrecisely,
  plainName,
} from "./format.ts";

test.each([
  [0, "0 s"],
  [850, "850 ms"],
  [4_000, "4 s"],
  [65_000, "1 min 5 s"],
  [2_880_000, "48 min"],
  [3_600_000, "1 h"],
  [11_520_000, "3 h 12 min"],
  [187_200_000, "2 d 4 h"],
  [-5_000, "0 s"],
])("a duration of %d ms reads %s", (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test("an age leaves out the seconds once past a minute", () => {
  expect(formatAge(12_900)).toBe("12 s");
  expect(formatAge(245_000)).toBe("4 min");
  expect(formatAge(-1)).toBe("0 s");
});

test("a percentage is never complete before the end", () => {
  expect(formatPercent(0.62)).toBe("62 %");
  expect(formatPercent(0.999)).toBe("99 %");
  expect(formatPercent(1)).toBe("100 %");
});

test("numbers, sizes and business dates", () => {
  expect(formatNumber(1_204)).toBe("1,204");
  expect(formatBytes(999)).toBe("999 B");
  expect(formatBytes(1_400_000)).toBe("1.4 MB");
  expect(formatBusinessDate("2026-11-11")).toBe("11 Nov");
  expect(formatBusinessDate("month end")).toBe("month end");
});

test("a clock time names the day only when it is another one", () => {
  const now = new Date(2026, 10, 11, 12, 0).getTime();
  expect(formatClock(new Date(2026, 10, 11, 2, 14).getTime(), now)).toBe("02:14");
  expect(formatClock(new Date(2026, 10, 10, 2, 14).getTime(), now)).toBe("10 Nov 02:14");
});

test.each([
  [850, "850 ms"],
  [4_260, "4.2 s"],
  [1_559_000, "25 min 59 s"],
  [3_607_000, "1 h 0 min 7 s"],
])("a duration of %d ms in full reads %s", (ms, words) => {
  expect(formatPrecisely(ms)).toBe(words);
});

test("a moment elsewhere names its zone, also where the zone is not known here", () => {
  const at = Date.parse("2026-11-12T01:00:00.000Z");
  // Whether a comma follows the day depends on the version of the locale data.
  expect(formatMomentIn(at, "Europe/Berlin")).toMatch(/^Thu,? 12 Nov, 02:00 Europe\/Berlin$/);
  expect(formatMomentIn(at, "Mars/Olympus")).toMatch(/^Thu,? 12 Nov, 01:00 UTC$/);
});

test("names of counters and metrics in plain words", () => {
  expect(plainName("rolledBack")).toBe("rolled back");
  expect(plainName("commit.count_total")).toBe("commit count total");
  expect(plainName("heapMB")).toBe("heapMB");
});
