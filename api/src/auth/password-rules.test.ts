import { expect, test } from "vitest";
import { passwordWeakness } from "./password-rules.ts";

test.each([
  "four words that stay",
  "tr0ub4dor&3-horse",
  "日本語のとても長いパスワード",
  "x".repeat(7) + "y".repeat(9) + "z",
  "!!!!????####§§§",
])("%s is taken", (password) => {
  expect(passwordWeakness(password, "Duty Operator")).toBeNull();
});

test.each([
  ["eleven char", "at least 12"],
  ["x".repeat(3) + "😀".repeat(4), "at least 12"],
  [`a${"bc".repeat(130)}`, "at most 256"],
  ["Duty Operator", "your name"],
  ["dutyoperator2026!", "your name"],
  ["Password1234", "tried first"],
  ["passwordpassword", "tried first"],
  ["Correct Horse Battery Staple", "tried first"],
  ["qwertyuiop!!", "tried first"],
  ["Sommer2026!!!!", "tried first"],
  ["aaaaaaaaaaaaaaaa", "tried first"],
  ["abcabcabcabcab", "tried first"],
  ["123456789012345", "tried first"],
])("%s is not: %s", (password, why) => {
  const weakness = passwordWeakness(password, "Duty Operator");
  expect(weakness).toContain(why);
  expect(weakness).toMatch(/^password: /);
  expect(weakness).not.toContain(password);
});

test("the longest text takes no time", () => {
  const start = performance.now();
  for (const text of ["1".repeat(256), "a1".repeat(128), " ".repeat(256)]) {
    passwordWeakness(text, "x");
  }
  expect(performance.now() - start).toBeLessThan(100);
});
