import { describe, expect, it } from "vitest";
import { deviceLabel, type PushEnvironment, pushSupport } from "./support.ts";

const READY: PushEnvironment = {
  isSecure: true,
  hasWorker: true,
  hasPush: true,
  isApple: false,
  isInstalled: false,
  permission: "default",
};
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1";
const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15";

describe("whether this device can be woken", () => {
  it.each([
    ["ready", {}],
    ["ready", { permission: "granted" }],
    ["denied", { permission: "denied" }],
    ["insecure", { isSecure: false, hasWorker: false, hasPush: false }],
    ["install-first", { isApple: true, hasPush: false, permission: null }],
    ["ready", { isApple: true, isInstalled: true }],
    // Added as a bookmark, with "Open as Web App" switched off.
    ["no-support", { isApple: true, isInstalled: true, hasPush: false }],
    ["no-support", { hasPush: false }],
    ["no-support", { hasWorker: false }],
  ] as const)("%s: %o", (expected, more) => {
    expect(pushSupport({ ...READY, ...more })).toBe(expected);
  });
});

describe("a device's name", () => {
  it.each([
    [IPHONE, 5, "Safari on iPhone"],
    [MAC, 0, "Safari on Mac"],
    [MAC, 5, "Safari on iPad"],
    [
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
      5,
      "Chrome on Android",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
      0,
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      0,
      "Firefox on Linux",
    ],
    ["something else", 0, "Browser"],
  ])("%s, %d touch points", (userAgent, touchPoints, expected) => {
    expect(deviceLabel(userAgent, touchPoints)).toBe(expected);
  });
});
