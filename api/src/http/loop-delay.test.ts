import { setTimeout as wait } from "node:timers/promises";
import { onTestFinished, expect, it } from "vitest";
import { LoopDelay } from "./loop-delay.ts";

it("says how late the event loop ran since it was last asked, and forgets it then", async () => {
  const loop = new LoopDelay();
  onTestFinished(() => loop.stop());
  expect(loop.take()).toEqual({ p50: 0, p99: 0, max: 0 });
  await wait(30);
  const until = performance.now() + 200;
  while (performance.now() < until);
  await wait(30);
  const delays = loop.take();
  expect(delays.max).toBeGreaterThan(0.15);
  expect(delays.p50).toBeLessThanOrEqual(delays.p99);
  expect(delays.p99).toBeLessThanOrEqual(delays.max);
  await wait(30);
  expect(loop.take().max).toBeLessThan(delays.max);
});
