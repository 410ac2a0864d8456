import { describe, expect, test } from "vitest";
import { factsOf } from "../load/record-stream.ts";
import { AnnouncedRuns } from "./announced-runs.ts";

const NOW = Date.UTC(2026, 10, 24, 3);
const DEADLINES = { first: NOW + 20_000, spreadMs: 7_000 };
const RUNS = 700;

describe("AnnouncedRuns", () => {
  const announced = new AnnouncedRuns(RUNS, NOW);
  const facts = announced.records().flatMap((record) => factsOf({ ...record, position: 1 }));

  test("each is announced once, and its grace ends at its deadline", () => {
    expect(facts.length).toBe(RUNS);
    const graces = new Map(
      announced.settings(DEADLINES).map(({ jobId, clocks }) => [jobId, clocks.startGraceMs]),
    );
    const deadlines = announced.deadlines(DEADLINES);
    for (const { executionId, jobId, occurredAt, kind } of facts) {
      expect(kind).toBe("scheduled");
      expect(deadlines.get(executionId)).toBe(occurredAt + (graces.get(jobId) ?? Number.NaN));
    }
  });

  test("deadlines are spread over the whole time", () => {
    const times = [...announced.deadlines(DEADLINES).values()];
    expect([times.at(0), times.at(-1)]).toEqual([DEADLINES.first, DEADLINES.first + 6_990]);
  });
});
