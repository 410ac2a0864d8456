import { describe, expect, it } from "vitest";
import { callResult } from "./post-call.ts";

const refusal = (code: string, more: object = {}) => ({
  error: { message: "reason: is empty", code: -32_600, data: { code, ...more } },
});

describe("what a call came to", () => {
  it("is an answer only in the server's own form", () => {
    expect(callResult(200, { result: { data: { outcome: "done" } } }, null)).toEqual({
      kind: "answered",
      data: { outcome: "done" },
    });
    // A captive portal says 200, too.
    for (const body of [null, "ok", {}, { data: 1 }]) {
      expect(callResult(200, body, null).kind).toBe("later");
    }
  });

  it("is a refusal with the server's reason, and its words", () => {
    expect(callResult(400, refusal("BAD_REQUEST", { reason: "invalid_input" }), null)).toEqual({
      kind: "refused",
      code: "invalid_input",
      message: "reason: is empty",
    });
    expect(callResult(404, refusal("NOT_FOUND"), null)).toMatchObject({ code: "NOT_FOUND" });
  });

  it("is repeated later where the refusal is not of this server, or passes", () => {
    expect(callResult(403, { message: "Sign in to Wi-Fi" }, null).kind).toBe("later");
    expect(callResult(401, {}, null).kind).toBe("later");
    expect(callResult(429, refusal("TOO_MANY_REQUESTS"), "3")).toEqual({
      kind: "later",
      retryAfterMs: 3_000,
    });
    expect(callResult(503, { code: "store_away" }, "5")).toMatchObject({ retryAfterMs: 5_000 });
    expect(callResult(503, {}, "soon")).toMatchObject({ retryAfterMs: null });
  });

  it("knows that nobody is signed in", () => {
    expect(callResult(401, refusal("UNAUTHORIZED"), null)).toEqual({
      kind: "signed-out",
      isAll: true,
    });
  });
});
