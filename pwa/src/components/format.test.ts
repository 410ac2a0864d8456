import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatAge,
  formatBusinessDate,
  formatBytes,
  formatClock,
  formatDuration,
  formatNumber,
  formatPercent,
  middleEllipsis,
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

test("a long name keeps both ends and the length asked for", () => {
  expect(middleEllipsis("settlement_extract_eod", 11)).toBe("settl…t_eod");
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 3, max: 40 }), (text, length) => {
      const cut = middleEllipsis(text, length);
      expect(cut.length).toBe(Math.min(text.length, length));
      expect(cut.at(0)).toBe(text.at(0));
      expect(cut.at(-1)).toBe(text.at(-1));
    }),
  );
});
