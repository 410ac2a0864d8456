import { describe, expect, test } from "vitest";
import { pace, type PacerClock } from "./pacer.ts";

/** Time that only passes while somebody waits, or when a test says so. */
class FakeClock implements PacerClock {
  time = 1_000;
  readonly #oversleepMs: number;

  constructor(oversleepMs = 0) {
    this.#oversleepMs = oversleepMs;
  }

  now(): number {
    return this.time;
  }

  wait(ms: number): Promise<void> {
    this.time += ms + this.#oversleepMs;
    return Promise.resolve();
  }
}

describe("pace", () => {
  test("means every item for its own time, however long waits take", async () => {
    const clock = new FakeClock(7);
    const intended: number[] = [];
    await pace({ perSecond: 200, count: 100, clock }, (_index, at) => intended.push(at));
    expect(intended).toEqual(Array.from({ length: 100 }, (_, index) => 1_000 + index * 5));
  });

  test("never sends early, and sends all that is due after a pause", async () => {
    const clock = new FakeClock();
    const delays: number[] = [];
    await pace({ perSecond: 100, count: 20, clock }, (index, at) => {
      delays.push(clock.now() - at);
      if (index === 4) clock.time += 95;
    });
    expect(delays.every((delay) => delay >= 0)).toBe(true);
    // The pause of 95 ms after item 4 makes the next nine late, each by 10 ms less; a closed loop would hide that.
    expect(delays.slice(4, 16)).toEqual([0, 85, 75, 65, 55, 45, 35, 25, 15, 5, 0, 0]);
  });

  test("takes as long as its rate says", async () => {
    const clock = new FakeClock();
    const startedAt = await pace({ perSecond: 50, count: 101, clock }, () => undefined);
    expect(startedAt).toBe(1_000);
    expect(clock.time).toBeGreaterThanOrEqual(3_000);
    expect(clock.time).toBeLessThan(3_010);
  });
});
