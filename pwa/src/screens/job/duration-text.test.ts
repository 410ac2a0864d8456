import fc from "fast-check";
import { expect, test } from "vitest";
import { durationText, parseDuration } from "./duration-text.ts";

test.each([
  ["10 min", 600_000],
  ["1 h 30 min", 5_400_000],
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  [" 2 D ", 172_800_000],
  ["1.5 h", 5_400_000],
  ["", null],
])("%j is read as %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["10", "soon", "-5 min", "5 min ago", "1e3 s", "10 minutes"])("%j is refused", (text) => {
  expect(parseDuration(text)).toBe(undefined);
});

test("every duration is read back from its text", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 31 * 86_400_000 }), (ms) => {
      expect(parseDuration(durationText(ms))).toBe(ms);
    }),
  );
  expect(durationText(5_400_000)).toBe("1 h 30 min");
  expect(durationText(null)).toBe("");
});
