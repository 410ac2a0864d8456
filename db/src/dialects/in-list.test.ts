import { expect, test } from "vitest";
import { padded } from "./in-list.ts";

test("a padded list holds the same values, and its length is a power of two", () => {
  for (let length = 1; length <= 130; length += 1) {
    const values = Array.from({ length }, (_, index) => index);
    const list = padded(values);
    expect(new Set(list)).toEqual(new Set(values));
    expect(list.slice(0, length)).toEqual(values);
    expect(Number.isInteger(Math.log2(list.length))).toBe(true);
    expect(list.length).toBeLessThan(2 * length);
  }
});
