import { LIMITS } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { KnownJobs } from "./known-jobs.ts";

const NOW = Date.UTC(2026, 10, 24, 3);

interface StateText {
  /** A line each, which begins with the run's id. */
  readonly digests: string;
}

describe("KnownJobs", () => {
  test("each remembers as many runs as a job may, and shares no run with another", () => {
    const known = new KnownJobs(NOW);
    const ids = [0, 1, 70_000].flatMap((index) => {
      const { digests } = JSON.parse(known.stored(index).state) as StateText;
      const runs = digests.split("\n").map((line) => line.slice(0, line.indexOf(" ")));
      expect(runs.length).toBe(LIMITS.digestsPerJob);
      return runs;
    });
    expect(new Set(ids).size).toBe(3 * LIMITS.digestsPerJob);
  });

  test("units and states are of the job that the name means", () => {
    const known = new KnownJobs(NOW);
    const { job, partition } = known.stored(7);
    const unit = known.unit(7);
    expect([unit.job?.jobId, unit.job?.name, unit.partition]).toEqual([
      job.jobId,
      "job-000007",
      partition,
    ]);
    expect(unit.runs.map((run) => run.columns.jobId)).toEqual([job.jobId]);
  });
});
