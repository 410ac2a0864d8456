import { cleanup, render } from "@testing-library/react";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { MiddleName, splitBefore } from "./MiddleName.tsx";

afterEach(cleanup);

test("a long name is whole for readers, and in two halves for the eye", () => {
  const { container } = render(<MiddleName name="settlement_extract_eod" />);
  const texts = (selector: string) =>
    [...container.querySelectorAll(selector)].map((one) => one.textContent);
  expect(texts(".visually-hidden")).toEqual(["settlement_extract_eod"]);
  expect(texts("[aria-hidden]")).toEqual(["settlement_ex", "tract_eod"]);
});

test("a short name is one piece", () => {
  const { container } = render(<MiddleName name="GL extract" />);
  expect(container.textContent).toBe("GL extract");
});

test("a split never tears a character from its half, its marks or its joiner", () => {
  const family = "\u{1F469}\u200D\u{1F467}";
  for (let index = 1; index < family.length; index += 1) expect(splitBefore(family, index)).toBe(0);
  expect(splitBefore("cafe\u0301", 4)).toBe(3);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), (name, seed) => {
      const at = splitBefore(name, seed % name.length);
      expect(`${name.slice(0, at)} ${name.slice(at)}`).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});
