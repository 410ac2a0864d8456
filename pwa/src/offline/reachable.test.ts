import { describe, expect, it } from "vitest";
import type { LiveState } from "../live/live-store.ts";
import { isReachable } from "./reachable.ts";

const STATE: LiveState = {
  board: null,
  team: null,
  online: true,
  link: "connecting",
  catchingUp: false,
  polling: false,
  receivedAt: null,
  errorCode: null,
};

describe("whether the server can be asked", () => {
  it.each([
    ["at boot, by the browser's word", true, {}],
    ["at boot in airplane mode", false, { online: false }],
    ["through an open socket, whatever the browser says", true, { online: false, link: "open" }],
    ["by snapshots", true, { online: false, link: "lost", polling: true }],
    ["behind a captive portal", false, { link: "lost", errorCode: "NETWORK" }],
    ["with a server that refuses", true, { link: "lost", errorCode: "FORBIDDEN" }],
  ] as const)("%s", (_name, expected, more) => {
    expect(isReachable({ ...STATE, ...more })).toBe(expected);
  });
});
