import type { NativeObservation, RunRow } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { missingOf } from "./board.ts";
import { Workload } from "./workload.ts";

const NOW = Date.UTC(2026, 10, 24, 3);

function events(workload: Workload, count: number): readonly NativeObservation[] {
  return JSON.parse(workload.next(count, NOW)) as readonly NativeObservation[];
}

describe("Workload", () => {
  test("is about 1 % transitions over many runs, spread evenly", () => {
    const workload = new Workload(50);
    events(workload, 50 * 200);
    const kinds = events(workload, 50 * 400).map((event) => event.kind);
    const transitions = kinds.filter((kind) => kind !== "progress").length;
    expect(transitions / kinds.length).toBeCloseTo(0.01, 3);
    const firstHalf = kinds.slice(0, kinds.length / 2).filter((kind) => kind !== "progress").length;
    expect(firstHalf / transitions).toBeCloseTo(0.5, 1);
  });

  test("starts each run once, lets it progress, and ends it before the next", () => {
    const told = new Map<string, { id: string; open: boolean; done: number }>();
    for (const event of events(new Workload(7), 7 * 500)) {
      const run = told.get(event.job.name);
      if (event.kind === "started") {
        expect(run?.open ?? false).toBe(false);
        expect(run?.id).not.toBe(event.run.id);
        told.set(event.job.name, { id: event.run.id, open: true, done: 0 });
      } else {
        expect(run).toMatchObject({ id: event.run.id, open: true });
        if (run === undefined) throw new Error("progress before the start");
        if (event.kind === "succeeded") run.open = false;
        else {
          expect(event.progress?.done).toBeGreaterThan(run.done);
          run.done = event.progress?.done ?? 0;
        }
      }
    }
    expect(told.size).toBe(7);
  });

  test("the board misses nothing when it shows the newest runs, and a run as soon as one differs", () => {
    const workload = new Workload(5);
    // By then the second job has just ended its first run, of 38 progress events.
    events(workload, 5 * 40);
    const expected = workload.expected();
    const rows = [...expected].map(
      ([jobName, run]) =>
        ({
          jobName,
          runKey: run.runId,
          endedAt: run.ended ? new Date(NOW).toISOString() : null,
          progress: { done: run.done, total: null, unit: null },
        }) as RunRow,
    );
    const board = {
      activeJobs: rows.filter((row) => row.endedAt === null),
      recentCompletions: rows.filter((row) => row.endedAt !== null),
    };
    expect(board.activeJobs.length).toBeGreaterThan(0);
    expect(board.recentCompletions.length).toBeGreaterThan(0);
    expect(missingOf(board, expected)).toBe(0);
    expect(missingOf({ ...board, activeJobs: board.activeJobs.slice(1) }, expected)).toBe(1);
    events(workload, 5);
    expect(missingOf(board, workload.expected())).toBe(5);
  });
});
