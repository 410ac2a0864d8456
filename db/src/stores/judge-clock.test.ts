import { describe, expect, test } from "vitest";
import { type ClockMemory, judgeClock } from "./judge-clock.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T = 20_000 * DAY;
const well = (lastAt: number | null): ClockMemory => ({
  lastAt,
  doubtSince: null,
  doubtFactAt: null,
});

describe("whether the clock may say what is old", () => {
  test("is believed in a new store, from look to look, and after a weekend with facts", () => {
    expect(judgeClock(well(null), null, T)).toEqual({ trusted: true, memory: well(T) });
    expect(judgeClock(well(T - HOUR), null, T).trusted).toBe(true);
    expect(judgeClock(well(T - 9 * DAY), T - DAY, T).trusted).toBe(true);
    expect(judgeClock(well(T - 9 * DAY), T + DAY, T).trusted).toBe(true);
  });

  test("is not when it is ahead of the last look and of every fact", () => {
    for (const [last, fact] of [
      [T - 3 * DAY, null],
      [T - 3 * DAY, T - 2 * DAY - 1],
      [null, T - 3 * DAY],
    ] as const) {
      expect(judgeClock(well(last), fact, T)).toEqual({
        trusted: false,
        memory: { lastAt: T, doubtSince: T, doubtFactAt: fact },
      });
    }
  });

  test("is after a day of running on, in which no fact contradicts it", () => {
    const doubt: ClockMemory = { lastAt: T, doubtSince: T, doubtFactAt: T - 9 * DAY };
    const later = judgeClock(doubt, T - 9 * DAY, T + DAY - 1);
    expect(later).toEqual({ trusted: false, memory: { ...doubt, lastAt: T + DAY - 1 } });
    expect(judgeClock(later.memory, T - 9 * DAY, T + DAY).trusted).toBe(true);
    expect(judgeClock(later.memory, T + DAY, T + DAY).trusted).toBe(true);
    const fact = T - 9 * DAY + HOUR;
    expect(judgeClock(later.memory, fact, T + DAY)).toMatchObject({
      trusted: false,
      memory: { doubtSince: T + DAY, doubtFactAt: fact },
    });
  });

  test("begins anew with another jump, and ends when it is put right", () => {
    const doubt: ClockMemory = { lastAt: T, doubtSince: T, doubtFactAt: null };
    expect(judgeClock(doubt, null, T + 3 * DAY)).toMatchObject({
      trusted: false,
      memory: { doubtSince: T + 3 * DAY },
    });
    expect(judgeClock(doubt, null, T - 9 * DAY)).toEqual({
      trusted: true,
      memory: well(T - 9 * DAY),
    });
    expect(judgeClock(doubt, T - 99 * DAY, T - 9 * DAY).trusted).toBe(false);
  });
});
