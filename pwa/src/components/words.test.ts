import fc from "fast-check";
import { expect, test } from "vitest";
import { trendRow } from "../live/test-rows.ts";
import { againstUsual, trendSentence, verdict } from "./words.ts";

const need = (me: number, taken = 0) => ({ me, taken });
const counts = { running: 41, late: 0, stalled: 0, unknown: 0 };

test("the verdict", () => {
  expect(verdict(need(2), counts)).toBe("2 need you · 41 running");
  expect(verdict(need(6), { running: 41, late: 3, stalled: 1, unknown: 5 })).toBe(
    "6 need you · 41 running · 3 late · 1 stalled · 5 unknown",
  );
  expect(verdict(need(1), { ...counts, running: 0, late: 1 })).toBe(
    "1 needs you · 0 running · 1 late",
  );
  expect(verdict(need(0), counts)).toBe("All quiet. 41 running.");
  expect(verdict(need(0), { ...counts, running: 0 })).toBe("All quiet. Nothing is running.");
});

test("the verdict says when everything that is open is somebody's", () => {
  expect(verdict(need(0, 3), { ...counts, late: 1 })).toBe(
    "3 open, all taken · 41 running · 1 late",
  );
  expect(verdict(need(0, 1), counts)).toBe("1 open, taken · 41 running");
  expect(verdict(need(2, 3), counts)).toBe("2 need you · 41 running");
});

test("what is unknown is not called quiet", () => {
  expect(verdict(need(0), { ...counts, unknown: 5 })).toBe("41 running · 5 unknown");
});

test("a trend in words", () => {
  expect(trendSentence(trendRow("j"))).toBe(
    "GL extract is 9 % slower: median of the last 8 runs 42 min, before 38 min",
  );
  expect(trendSentence(trendRow("j", { changeRatio: null, direction: "LEARNING" }))).toBe(null);
});

test.each([
  [1_500_000, 1_380_000, "25 min, usually 23 min (9 % longer than usual)"],
  [1_500_000, 1_510_000, "25 min, as usual"],
  [659_000, 601_000, "10 min 59 s, usually 10 min 1 s (10 % longer than usual)"],
  [4_100, 4_900, "4.1 s, usually 4.9 s (16 % shorter than usual)"],
  [1_560_000, 1_559_000, "26 min, usually 25 min (as usual)"],
  [0, 0, "0 s, as usual"],
])("%d ms against the usual %d ms: %s", (durationMs, usualMs, words) => {
  expect(againstUsual(durationMs, usualMs)).toBe(words);
});

test("two durations that read alike are never said to differ", () => {
  const duration = fc.integer({ min: 0, max: 200_000_000 });
  fc.assert(
    fc.property(duration, duration, (durationMs, usualMs) => {
      const words = againstUsual(durationMs, usualMs);
      const [, one, other] = /^(.*), usually ([^(]*)( \(.*)?$/.exec(words) ?? [];
      if (one === undefined) expect(words).toMatch(/, as usual$/);
      else expect(one).not.toBe(other?.trim());
    }),
  );
});
