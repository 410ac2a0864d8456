import { expect, test } from "vitest";
import { words } from "./words.ts";

test("what people write is kept without what turns or hides text, and masked", () => {
  const of = (text: string) => words(100, 1).safeParse(text).data;
  expect(of(" looking \n again ")).toBe("looking \n again");
  expect(of("a\u202Egnp.exe\u2066b\u0000\u0007\u001b[31m\u0085\u009bc\r")).toBe("agnp.exeb[31mc");
  expect(of("card 4111 1111 1111 1111")).not.toContain("1111 1111");
  expect(of("x".repeat(101))).toBeUndefined();
  expect(of(" \n ")).toBeUndefined();
});
