import { describe, expect, it } from "vitest";
import { DEFAULT_CLOCKS } from "../model/job-settings.ts";
import { randomOf } from "../ports/random.ts";
import { median, TREND_WINDOW_RUNS } from "../scoring/median-trend.ts";
import { JobHistory } from "./job-history.ts";
import { DigestRing, newestFirst, type RunDigest } from "./run-digest.ts";
import { runLimitsOf } from "./run-limits.ts";

const STATES = ["succeeded", "succeeded", "succeeded", "failed", "running"] as const;

function digest(n: number, random: () => number): RunDigest {
  const state = STATES[Math.floor(random() * STATES.length)] ?? "running";
  return {
    executionId: `run-${n}`,
    instanceKey: `run:run-${n}`,
    // Some at the same time: the id decides.
    orderedAt: Math.floor(random() * 40),
    nominalAt: null,
    lastFactAt: 0,
    state,
    durationMs: state === "succeeded" && random() < 0.9 ? Math.floor(random() * 600_000) : null,
  };
}

/** Durations of the successes that went before it, newest first, by the definition. */
function durationsBefore(ring: DigestRing, run: RunDigest | null): number[] {
  return ring.items
    .filter(({ state }) => state === "succeeded")
    .filter((one) => run === null || newestFirst(run, one) < 0)
    .filter(({ executionId }) => executionId !== run?.executionId)
    .flatMap(({ durationMs }) => durationMs ?? []);
}

describe("what a job's past says of a run", () => {
  it("is of what went before it, for known runs and for unknown ones, while the past changes", () => {
    const random = randomOf(1, "history");
    const ring = new DigestRing();
    const history = new JobHistory(ring);
    const clocks = [DEFAULT_CLOCKS, { ...DEFAULT_CLOCKS, runBudgetMs: 5_000 }];
    for (let n = 0; n < 120; n += 1) {
      ring.put(digest(n, random));
      history.changed();
      for (const run of [null, ...ring.items, digest(1_000 + n, random)]) {
        const before = durationsBefore(ring, run);
        expect(history.usualMs(run)).toBe(median(before.slice(0, TREND_WINDOW_RUNS)));
        if (run === null) continue;
        const one = clocks[n % 2];
        expect(history.limits(run, one)).toEqual(runLimitsOf(one ?? DEFAULT_CLOCKS, before));
      }
    }
  });
});
