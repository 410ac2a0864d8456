import { expect, test } from "vitest";
import { badTokens } from "./bad-tokens.ts";
import type { Refusal } from "./refusals.ts";

test("a token that never was or counts no more is recorded, one whose time is over is not [AUD-12]", async () => {
  const refusals: Refusal[] = [];
  const errors: unknown[] = [];
  const bad = badTokens({
    isLapsed: async (token) => {
      if (token === "odd") throw new Error("odd");
      return token === "lapsed";
    },
    refused: (refusal) => refusals.push(refusal),
    onError: (error) => errors.push(error),
  });
  for (const token of ["lapsed", "made up", "", "odd"]) bad(token, "GET /trpc");
  await expect.poll(() => refusals.length).toBe(2);
  expect(refusals[0]).toEqual({ userId: null, what: "GET /trpc", status: 401 });
  expect(errors).toHaveLength(1);
});
