import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ReconnectGate } from "./reconnect-gate.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first attempt is at once, later ones wait up to 1, 2, 4, 8, 15 s", async () => {
  const gate = new ReconnectGate(() => 1);
  const ceilings: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    ceilings.push(gate.ceilingMs);
    const waiting = gate.wait();
    await vi.runAllTimersAsync();
    await waiting;
  }
  expect(ceilings).toEqual([0, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test("a nudge ends the wait at once; data makes the next loss immediate again", async () => {
  const gate = new ReconnectGate(() => 1);
  await gate.wait();
  let passed = false;
  const waiting = (async () => {
    await gate.wait();
    passed = true;
  })();
  await vi.advanceTimersByTimeAsync(500);
  expect(passed).toBe(false);
  gate.nudge();
  await waiting;
  expect(passed).toBe(true);
  gate.succeeded();
  expect(gate.ceilingMs).toBe(0);
});
