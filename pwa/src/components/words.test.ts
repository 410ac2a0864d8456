import { expect, test } from "vitest";
import { trendRow } from "../live/test-rows.ts";
import { trendSentence, verdict } from "./words.ts";

test("the verdict", () => {
  expect(verdict(2, 41)).toBe("2 failed · 41 running");
  expect(verdict(0, 41)).toBe("All quiet. 41 running.");
  expect(verdict(0, 0)).toBe("All quiet. Nothing is running.");
});

test("a trend in words", () => {
  expect(trendSentence(trendRow("j"))).toBe(
    "GL extract is 9 % slower: median of the last 8 runs 42 min, before 38 min",
  );
  expect(trendSentence(trendRow("j", { changeRatio: null, direction: "LEARNING" }))).toBe(null);
});
