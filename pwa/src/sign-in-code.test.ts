import { expect, test } from "vitest";
import { codeFrom, takeCodeFromAddress } from "./sign-in-code.ts";

test("reads a link, its part, or the bare code", () => {
  expect(codeFrom("http://127.0.0.1:8080/#code=ab%2Bc ")).toBe("ab+c");
  expect(codeFrom("#code=abc&x=1")).toBe("abc");
  expect(codeFrom(" abc-1 ")).toBe("abc-1");
  expect(codeFrom("http://127.0.0.1:8080/")).toBe(null);
  expect(codeFrom("")).toBe(null);
});

test("takes the code out of the address", () => {
  history.replaceState(null, "", "/jobs#code=abc");
  expect(takeCodeFromAddress()).toBe("abc");
  expect(location.hash).toBe("");
  expect(location.pathname).toBe("/jobs");
  expect(takeCodeFromAddress()).toBe(null);
});

test("the printed link leads to Now", () => {
  history.replaceState(null, "", "/#code=abc");
  expect(takeCodeFromAddress()).toBe("abc");
  expect(location.pathname).toBe("/");
});
