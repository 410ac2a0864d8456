import { describe, expect, test } from "vitest";
import { clearCookie, OIDC_COOKIE, readCookie, REFRESH_COOKIE, setCookie } from "./cookies.ts";

describe("cookies", () => {
  test("under https they have the __Host- prefix and what that demands", () => {
    expect(setCookie(REFRESH_COOKIE, "bwr_x", true)).toBe(
      "__Host-batchwatch-refresh=bwr_x; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
    );
    expect(setCookie(OIDC_COOKIE, "bw1.a.b.c", true)).toBe(
      "__Host-batchwatch-oidc=bw1.a.b.c; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure",
    );
  });

  test("on plain loopback they have neither", () => {
    expect(setCookie(REFRESH_COOKIE, "bwr_x", false)).toBe(
      "batchwatch-refresh=bwr_x; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
    );
    expect(clearCookie(REFRESH_COOKIE, false)).toContain("Max-Age=0");
  });

  test.each([true, false])("what is written is read (secure: %s)", (secure) => {
    const pair = setCookie(REFRESH_COOKIE, "bwr_abc-1", secure).split(";")[0];
    expect(readCookie(REFRESH_COOKIE, `a=1; ${pair}; b=2`, secure)).toBe("bwr_abc-1");
    expect(readCookie(REFRESH_COOKIE, pair, !secure)).toBeNull();
    expect(readCookie(OIDC_COOKIE, pair, secure)).toBeNull();
  });

  test.each([
    ["no header", undefined],
    ["another cookie", "other=bwr_x"],
    ["a name that ends alike", "xbatchwatch-refresh=bwr_x"],
    ["two of them", "batchwatch-refresh=bwr_x; batchwatch-refresh=bwr_y"],
    ["an empty one", "batchwatch-refresh="],
    ["other characters", 'batchwatch-refresh="bwr_x"'],
    ["a huge header", `batchwatch-refresh=${"x".repeat(10_000)}`],
  ])("%s gives null", (_, header) => {
    expect(readCookie(REFRESH_COOKIE, header, false)).toBeNull();
  });

  test("a value that could add attributes is refused", () => {
    expect(() => setCookie(REFRESH_COOKIE, "x; Domain=evil.example", true)).toThrow(TypeError);
  });
});
