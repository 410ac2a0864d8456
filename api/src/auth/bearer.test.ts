import { expect, test } from "vitest";
import { bearerToken } from "./bearer.ts";
import { newToken } from "./secrets.ts";

test("the token of a bearer header, whatever the scheme's case", () => {
  const token = newToken();
  expect(bearerToken(`Bearer ${token}`)).toBe(token);
  expect(bearerToken(`bearer  ${token}`)).toBe(token);
});

test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "Basic eDp5",
  "Bearer a b",
  `Bearer ${"x".repeat(5_000)}`,
])("%s gives null", (header) => {
  expect(bearerToken(header)).toBeNull();
});
