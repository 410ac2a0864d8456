import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { SignInLimiter } from "./sign-in-limiter.ts";

const { pairFailures, addressFailures, accountFailures, failureWindowSeconds } = API_LIMITS;

async function fail(limiter: SignInLimiter, address: string, account: string, times: number) {
  let wait = 0;
  for (let count = 0; count < times; count += 1) wait = await limiter.waitSeconds(address, account);
  return wait;
}

test("one address has its tries at one account, and is told how long to wait", async () => {
  const limiter = new SignInLimiter();
  expect(await fail(limiter, "192.0.2.1", "ops", pairFailures)).toBe(0);
  const wait = await limiter.waitSeconds("192.0.2.1", "ops");
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(failureWindowSeconds);
  // However the name is written.
  expect(await limiter.waitSeconds("192.0.2.1", " OPS ")).toBeGreaterThan(0);
  expect(await limiter.waitSeconds("192.0.2.1", "other")).toBe(0);
});

test("one address can never keep others out of an account", async () => {
  const limiter = new SignInLimiter();
  await fail(limiter, "192.0.2.1", "ops", accountFailures * 3);
  expect(await limiter.waitSeconds("198.51.100.7", "ops")).toBe(0);
});

test("one address has so many tries at all accounts together, whoever is named", async () => {
  const limiter = new SignInLimiter();
  for (let count = 0; count < addressFailures; count += 1) {
    expect(await limiter.waitSeconds("192.0.2.1", `name ${count}`)).toBe(0);
  }
  expect(await limiter.waitSeconds("192.0.2.1", "one more")).toBeGreaterThan(0);
  expect(await limiter.waitSeconds("198.51.100.7", "one more")).toBe(0);
});

test("many addresses cannot try one account without end, and who got in lately still gets in", async () => {
  const limiter = new SignInLimiter();
  expect(await limiter.waitSeconds("203.0.113.9", "ops")).toBe(0);
  await limiter.succeeded("203.0.113.9", "ops");
  let address = 0;
  let refused = 0;
  while (refused === 0 && address < 1_000) {
    address += 1;
    refused = await limiter.waitSeconds(`192.0.${address >> 8}.${address & 255}`, "ops");
  }
  expect(refused).toBeGreaterThan(0);
  expect(address).toBe(accountFailures + 1);
  expect(await limiter.waitSeconds("203.0.113.9", "ops")).toBe(0);
});

test("whoever is right has failed nothing", async () => {
  const limiter = new SignInLimiter();
  for (let count = 0; count < addressFailures * 3; count += 1) {
    expect(await limiter.waitSeconds("192.0.2.1", "ops")).toBe(0);
    await limiter.succeeded("192.0.2.1", "ops");
  }
});

test("an IPv6 network is one address", async () => {
  const limiter = new SignInLimiter();
  for (let host = 0; host < pairFailures; host += 1) {
    expect(await limiter.waitSeconds(`2001:db8::${host.toString(16)}`, "ops")).toBe(0);
  }
  expect(await limiter.waitSeconds("2001:db8::ffff", "ops")).toBeGreaterThan(0);
  expect(await limiter.waitSeconds("2001:db8:0:1::1", "ops")).toBe(0);
});

test("on a network inside, where an IPv6 network is everybody's, each address counts for itself", async () => {
  const limiter = new SignInLimiter();
  for (let count = 0; count < pairFailures; count += 1) await limiter.waitSeconds("fd00::1", "ops");
  expect(await limiter.waitSeconds("fd00::1", "ops")).toBeGreaterThan(0);
  expect(await limiter.waitSeconds("fd00::2", "ops")).toBe(0);
});

test("memory is bounded however many names and addresses come", async () => {
  const limiter = new SignInLimiter();
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < 60_000; count += 1) {
    await limiter.waitSeconds(
      `10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`,
      `n${count}`,
    );
  }
  // 180,000 counters of some 300 bytes would be 54 MB; three times 16,384 are 15.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(40 * 1024 * 1024);
});
