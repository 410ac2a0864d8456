import { describe, expect, test } from "vitest";
import { newToken } from "./secrets.ts";
import { clearedSessionCookie, readSessionCookie, sessionCookie } from "./session-cookie.ts";

describe("session cookie", () => {
  test("under https it has the __Host- prefix and what that demands", () => {
    expect(sessionCookie("bw_x", true)).toBe(
      "__Host-batchwatch=bw_x; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
    );
  });

  test("on plain loopback it has neither", () => {
    expect(sessionCookie("bw_x", false)).toBe(
      "batchwatch=bw_x; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
    );
    expect(clearedSessionCookie(false)).toContain("Max-Age=0");
  });

  test.each([true, false])("what is written is read (secure: %s)", (secure) => {
    const token = newToken();
    const pair = sessionCookie(token, secure).split(";")[0];
    expect(readSessionCookie(`a=1; ${pair}; b=2`, secure)).toBe(token);
    expect(readSessionCookie(pair, !secure)).toBeNull();
  });

  test.each([
    ["no header", undefined],
    ["another cookie", "other=bw_x"],
    ["a name that ends alike", "xbatchwatch=bw_x"],
    ["two of them", "batchwatch=bw_x; batchwatch=bw_y"],
    ["an empty one", "batchwatch="],
    ["other characters", 'batchwatch="bw_x"'],
    ["a huge header", `batchwatch=${"x".repeat(10_000)}`],
  ])("%s gives null", (_, header) => {
    expect(readSessionCookie(header, false)).toBeNull();
  });

  test("a value that could add attributes is refused", () => {
    expect(() => sessionCookie("x; Domain=evil.example", true)).toThrow(TypeError);
  });
});
