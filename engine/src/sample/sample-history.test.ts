import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { medianTrend } from "../scoring/median-trend.ts";
import type { NativeObservation } from "./native-observation.ts";
import { sampleHistory } from "./sample-history.ts";
import { sampleNight } from "./sample-night.ts";

const BEFORE = Date.UTC(2026, 10, 24, 6, 30);
const DAY_MS = 86_400_000;
const anySeed = integer({ min: 0, max: 2 ** 31 });

function bytes(seed: number): string {
  return JSON.stringify(sampleHistory({ seed, nights: 5, before: BEFORE }));
}

/** Newest first. */
function durationsOf(facts: readonly NativeObservation[], job: string): readonly number[] {
  const own = facts.filter((body) => body.job.name === job);
  const starts = new Map(
    own.filter((body) => body.kind === "started").map((body) => [body.run.id, Date.parse(body.at)]),
  );
  return own
    .filter((body) => body.kind === "succeeded")
    .map((body) => Date.parse(body.at) - (starts.get(body.run.id) ?? Number.NaN))
    .toReversed();
}

describe("the sample history", () => {
  test("is ended runs of 60 jobs, in order, all older than a day", () => {
    const facts = sampleHistory({ seed: 7, nights: 20, before: BEFORE });
    expect(facts).toHaveLength(60 * 20 * 2);
    expect(new Set(facts.map((body) => body.kind))).toEqual(new Set(["started", "succeeded"]));
    const times = facts.map((body) => Date.parse(body.at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(BEFORE - DAY_MS);
    expect(new Set(facts.map((body) => `${body.run.id}/${body.kind}`)).size).toBe(facts.length);
  });

  test("is older than a day at any speed, and shares no business date with the sample night", () => {
    const speeds = integer({ min: 1, max: 200 });
    assert(
      property(anySeed, speeds, integer({ min: 0, max: DAY_MS }), (seed, speed, intoDayMs) => {
        const before = BEFORE + intoDayMs;
        const facts = sampleHistory({ seed, nights: 3, before, speed });
        const yesterday = new Date(before - DAY_MS).toISOString().slice(0, 10);
        return facts.every(
          (body) =>
            Date.parse(body.at) < before - DAY_MS &&
            (body.params?.["businessDate"] ?? "") < yesterday,
        );
      }),
      { numRuns: 20 },
    );
  });

  test("is the same bytes for the same seed", () => {
    expect(bytes(3)).toBe(bytes(3));
    expect(bytes(3)).not.toBe(bytes(4));
  });

  test("says the same again when it is told later that day", () => {
    const options = { seed: 7, nights: 3, speed: 30 };
    const later = sampleHistory({ ...options, before: BEFORE + 3 * 3_600_000 });
    expect(later).toEqual(sampleHistory({ ...options, before: BEFORE }));
  });

  test("lets gl-extract get about 9 % slower and reward-points faster, whatever the seed", () => {
    assert(
      property(anySeed, (seed) => {
        const facts = sampleHistory({ seed, nights: 20, before: BEFORE });
        const slower = medianTrend(durationsOf(facts, "gl-extract"));
        expect(slower.direction).toBe("DEGRADING");
        expect(slower.changeRatio).toBeGreaterThan(0.05);
        expect(slower.changeRatio).toBeLessThan(0.13);
        expect(medianTrend(durationsOf(facts, "reward-points")).direction).toBe("IMPROVING");
      }),
      { numRuns: 20 },
    );
  });

  test("makes the rows of tonight's branch-sales-feed 3 % of the usual", () => {
    const usual = sampleHistory({ seed: 7, nights: 8, before: BEFORE })
      .filter((body) => body.job.name === "branch-sales-feed" && body.kind === "succeeded")
      .map((body) => body.counters?.written ?? 0);
    const tonight = sampleNight({ seed: 7, businessDate: "2026-11-23", startsAt: BEFORE })
      .map((item) => item.body)
      .filter((body) => body.job.name === "branch-sales-feed" && body.kind === "succeeded")
      .filter((body) => body.stage !== undefined)
      .reduce((sum, body) => sum + (body.counters?.written ?? 0), 0);
    expect(tonight / Math.min(...usual)).toBeCloseTo(0.03, 2);
  });

  test("refuses a count of nights that it would not end with", () => {
    expect(() => sampleHistory({ seed: 1, nights: 401, before: BEFORE })).toThrow("nights is 401");
    expect(() => sampleHistory({ seed: 1, nights: 2, before: BEFORE, speed: 0 })).toThrow(
      "speed is 0",
    );
  });
});
