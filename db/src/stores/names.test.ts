import { expect, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { checkedName, checkedTeam } from "./names.ts";

test("a name is trimmed, has an end, and neither turns the reading direction nor controls a terminal", () => {
  expect(checkedName("name", " Duty Operator ")).toBe("Duty Operator");
  expect(checkedName("name", "\u05D0\u05D1 operator")).toBe("\u05D0\u05D1 operator");
  for (const name of ["a\u202Eb", "a\u2066b", "a\u0000b", "a\u001b[31mb", "a\u009bb", " "]) {
    expect(() => checkedName("name", name)).toThrow(/^name: /);
    expect(() => checkedTeam("team", name)).toThrow(/^team: /);
  }
  expect(() => checkedName("name", "x".repeat(DB_LIMITS.nameLength + 1))).toThrow("at most");
});
