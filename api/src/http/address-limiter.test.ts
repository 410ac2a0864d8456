import { expect, test } from "vitest";
import { AddressLimiter } from "./address-limiter.ts";

test("calls are counted by address, and for IPv6 by its network", () => {
  const limiter = new AddressLimiter({ callsPerMinute: 2, addresses: 100 });
  const waits = (address: string, now: number) => limiter.waitSeconds(address, now);
  expect([waits("10.0.0.1", 0), waits("10.0.0.1", 0), waits("10.0.0.1", 1_500)]).toEqual([
    0, 0, 59,
  ]);
  expect([waits("::ffff:10.0.0.2", 0), waits("::ffff:10.0.0.3", 0)]).toEqual([0, 0]);
  const network = ["2001:db8::1", "2001:db8:0:0:5::", "2001:db8:0:0:ffff:0:0:1"];
  expect(network.map((address) => waits(address, 0))).toEqual([0, 0, 60]);
  expect(waits("10.0.0.1", 60_000)).toBe(0);
});

test("what is remembered is bounded, and a clock set back does not shut anybody out", () => {
  const limiter = new AddressLimiter({ callsPerMinute: 1, addresses: 2 });
  for (const address of ["a", "b", "c"]) expect(limiter.waitSeconds(address, 0)).toBe(0);
  expect(limiter.waitSeconds("a", 0)).toBe(0);
  expect(limiter.waitSeconds("a", -3_600_000)).toBe(0);
});
