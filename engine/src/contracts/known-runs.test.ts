import { describe, expect, it } from "vitest";
import { executionIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { KnownRuns, runOf } from "./known-runs.ts";
import { readRun } from "./run-memory.ts";

describe("runs remembered at the door", () => {
  it("are what their names say, the first time and again", () => {
    for (const [source, name, key] of [
      ["s", "a", "1"],
      ["s", "a", "2"],
      ["t", "a", "1"],
      ["s", "a", "1"],
    ] as const) {
      const jobId = jobIdOf(source, "n", name);
      const executionId = executionIdOf(source, "n", name, key);
      const run = { namespace: "n", name, runKey: key, jobId, executionId };
      expect(readRun(source, "n", name, key)).toEqual({ ...run, partition: partitionOf(jobId) });
    }
  });

  it("are masked each time when their names need it", () => {
    const read = () => readRun("s", "n", "load for a.person@bank.example", "1");
    expect(read().name).toBe("load for [email]");
    expect(read()).toEqual(read());
    expect(read()).not.toBe(read());
    expect(readRun("s", "n", "plain", "1")).toBe(readRun("s", "n", "plain", "1"));
  });

  it("are as many as the limit says, and those used lately stay", () => {
    const known = new KnownRuns();
    const run = runOf("s", "n", "j", "k");
    known.set("s", "n", "used", "k", run);
    for (let other = 0; other < LIMITS.idsRemembered; other += 1) {
      known.set("s", "n", "j", String(other), run);
      if (other % 1_000 === 0) expect(known.get("s", "n", "used", "k")).toBe(run);
    }
    expect(known.get("s", "n", "j", "0")).toBeUndefined();
    expect(known.get("s", "n", "j", String(LIMITS.idsRemembered - 1))).toBe(run);
  });
});
