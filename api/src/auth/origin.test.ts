import { describe, expect, test } from "vitest";
import { originAllowed } from "./origin.ts";

const OWN = ["https://batch.example.com", "http://127.0.0.1:8080"];
const ALLOWED = ["https://wall.example.com:8443"];
const check = (origin: string | undefined, host: string | undefined = "127.0.0.1:8080") =>
  originAllowed(origin, host, ALLOWED, OWN);

describe("originAllowed", () => {
  test.each([
    ["the public address", "https://batch.example.com", undefined],
    ["its default port written out", "https://batch.example.com:443", undefined],
    ["the address listened on", "http://127.0.0.1:8080", undefined],
    ["the name in the Host header", "http://localhost:8080", "localhost:8080"],
    ["the same, other case", "http://localhost:8080", "LOCALHOST:8080"],
    ["an origin of the list", "https://wall.example.com:8443", undefined],
  ])("%s is allowed", (_, origin, host) => {
    expect(check(origin, host)).toBe("allowed");
  });

  test.each([
    ["a foreign page", "https://evil.example"],
    ["null (a sandboxed frame, a file)", "null"],
    ["an empty header", ""],
    ["our name as a prefix", "https://batch.example.com.evil.example"],
    ["our name as a suffix", "https://evilbatch.example.com"],
    ["a subdomain", "https://x.batch.example.com"],
    ["another port", "https://batch.example.com:8443"],
    ["another scheme", "http://batch.example.com"],
    ["another port of the list", "https://wall.example.com"],
    ["our name as the user", "https://batch.example.com@evil.example"],
    ["a user before our name", "https://x@batch.example.com"],
    ["a path", "https://batch.example.com/"],
    ["a backslash", "https://batch.example.com\\.evil.example"],
    ["two origins", "https://batch.example.com https://evil.example"],
    ["another scheme's origin", "chrome-extension://batch.example.com"],
  ])("%s is refused", (_, origin) => {
    expect(check(origin)).toBe("refused");
  });

  test("a scheme that we do not serve is not believed of the Host header", () => {
    expect(originAllowed("http://batch", "batch", [], ["https://batch"])).toBe("refused");
    expect(originAllowed("https://batch", "batch", [], ["https://batch"])).toBe("allowed");
    expect(originAllowed("https://batch", "batch", [], [])).toBe("refused");
  });

  test("a missing Origin is told apart, whatever else is sent", () => {
    expect(check(undefined)).toBe("missing");
    expect(originAllowed(undefined, undefined, [], [])).toBe("missing");
  });

  test("without a Host header only listed origins count", () => {
    expect(originAllowed("http://localhost:8080", undefined, ALLOWED, OWN)).toBe("refused");
    expect(originAllowed("https://batch.example.com", undefined, ALLOWED, OWN)).toBe("allowed");
  });
});
