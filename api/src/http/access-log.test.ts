import { describe, expect, it, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AccessLog, networkOf, type Refused } from "./access-log.ts";

function recorded(networks: boolean) {
  const lines: [level: string, Record<string, unknown>][] = [];
  const say = (level: string) => (fields: Readonly<Record<string, unknown>>) => {
    lines.push([level, { ...fields }]);
  };
  const logger = {
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    fatal: say("fatal"),
  };
  const clock = { now: 1_800_000_000_000 };
  return { log: new AccessLog({ logger, networks, now: () => clock.now }), lines, clock };
}

const REFUSED: Refused = {
  method: "POST",
  route: "/auth/sign-in",
  status: 401,
  durationMs: 1.6,
  address: "192.0.2.77",
};

describe("the line of a refused request", () => {
  it("names route, status, time and the network; a failed one is an error", () => {
    const { log, lines } = recorded(true);
    log.refused(REFUSED);
    log.refused({ ...REFUSED, status: 503, procedure: "jobs.list", code: "SERVICE_UNAVAILABLE" });
    expect(lines).toMatchObject([
      ["info", { route: "/auth/sign-in", status: 401, durationMs: 2, network: "192.0.2.0/24" }],
      ["error", { status: 503, procedure: "jobs.list", code: "SERVICE_UNAVAILABLE" }],
    ]);
    expect(JSON.stringify(lines)).not.toContain("192.0.2.77");
  });

  it("names no network where that is switched off", () => {
    const { log, lines } = recorded(false);
    log.refused(REFUSED);
    expect(lines[0]?.[1]["network"]).toBeNull();
  });

  it("is written a bounded number of times a second; the rest is counted", () => {
    const { log, lines, clock } = recorded(true);
    for (let i = 0; i < API_LIMITS.accessLinesPerSecond + 1_000; i += 1) log.refused(REFUSED);
    expect(lines).toHaveLength(API_LIMITS.accessLinesPerSecond);
    clock.now += 1_000;
    log.refused(REFUSED);
    log.refused(REFUSED);
    expect(lines.slice(-2).map(([, fields]) => fields["skipped"])).toEqual([1_000, undefined]);
  });
});

test.each([
  ["192.0.2.7", "192.0.2.0/24"],
  ["::ffff:192.0.2.7", "192.0.2.0/24"],
  ["2001:db8:1:2::3", "2001:db8:1::/48"],
  ["2001:DB8::1", "2001:db8::/48"],
  ["::1", "::/48"],
  ["fe80::1%eth0", "fe80::/48"],
  ["not an address", null],
  ["", null],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
