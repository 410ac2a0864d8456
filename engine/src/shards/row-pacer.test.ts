import { describe, expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import type { Observation } from "../model/fact.ts";
import { executionIdOf, jobIdOf } from "../model/ids.ts";
import { RowPacer } from "./row-pacer.ts";
import { World } from "./test-world.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const JOBS = 100;

function fact(job: number, kind: Observation["kind"], done: number): Observation {
  const name = `job-${job}`;
  return {
    type: "observation",
    jobId: jobIdOf("s", "n", name),
    executionId: executionIdOf("s", "n", name, "1"),
    namespace: "n",
    name,
    teamId: "team",
    runKey: "1",
    kind,
    occurredAt: T0 + done,
    ...(kind === "progress" ? { progress: { done } } : {}),
  };
}

function all(kind: Observation["kind"], done = 0): Observation[] {
  return Array.from({ length: JOBS }, (_, job) => fact(job, kind, done));
}

describe("the pacer of rows", () => {
  it("lets a few rows be followed at once, and many after a pause that has an end", () => {
    const pacer = new RowPacer();
    expect(pacer.waitMs(T0)).toBe(0);
    pacer.sent(LIMITS.rowsPerMs - 1, T0);
    expect(pacer.waitMs(T0)).toBe(0);
    pacer.sent(LIMITS.rowsPerMs * 20, T0);
    expect([pacer.waitMs(T0), pacer.waitMs(T0 + 15), pacer.waitMs(T0 + 20)]).toEqual([20, 5, 0]);
    pacer.sent(1_000_000, T0);
    expect(pacer.waitMs(T0)).toBe(LIMITS.rowPauseMs);
    expect(pacer.waitMs(T0 - 3_600_000)).toBe(0);
  });

  it("pauses between two sends where more wait than one may take, so that all go within the longest pause", () => {
    const pacer = new RowPacer();
    const [sent, few, many] = [LIMITS.rowsPerSend, LIMITS.rowsPerSend, 100 * LIMITS.rowsPerSend];
    pacer.sent(sent, T0, few);
    expect(pacer.waitMs(T0)).toBe(sent / LIMITS.rowsPerMs);
    pacer.sent(sent, T0, many);
    expect(pacer.waitMs(T0)).toBeGreaterThan(0);
    expect(pacer.waitMs(T0) * (1 + many / sent)).toBeLessThanOrEqual(LIMITS.rowPauseMs);
  });

  it("makes no rows between two sends, however much is read, and none is forgotten", () => {
    const world = new World();
    world.now = T0;
    const jobs = Array.from({ length: 2 * LIMITS.rowsPerSend + 1 }, (_, job) => job);
    world.append(...jobs.map((job) => fact(job, "started", 0)));
    world.shard.beginCut();
    world.now += LIMITS.rowPauseMs;
    const rows = () =>
      world.messages.flatMap((message) => (message.type === "rows" ? message.rows : [])).length;
    const before = rows();
    for (const done of [1, 2, 3]) world.append(...jobs.map((job) => fact(job, "progress", done)));
    expect(rows() - before).toBe(LIMITS.rowsPerSend);
    for (let wait = world.shard.rowsWaitMs; wait !== null; wait = world.shard.rowsWaitMs) {
      world.now += wait;
      world.shard.step();
    }
    expect(rows() - before).toBe(jobs.length + LIMITS.rowsPerSend);
    expect(jobs.filter((job) => world.row(`job-${job}`, "1").progress?.done !== 3)).toEqual([]);
  });

  it("holds progress back, never a transition, and then shows the newest", () => {
    const world = new World();
    world.now = T0;
    world.append(...all("started"));
    world.now += 1_000;
    world.append(...all("progress", 1));
    const shown = () => world.row("job-7", "1").progress?.done;
    world.append(...all("progress", 2));
    expect(shown()).toBe(1);
    expect(world.shard.rowsWaitMs).toBeGreaterThan(0);
    world.append(fact(8, "succeeded", 3));
    expect(world.row("job-8", "1").state).toBe("succeeded");
    world.append(...all("progress", 4));
    expect(shown()).toBe(1);
    world.now += world.shard.rowsWaitMs ?? 0;
    world.shard.step();
    expect(shown()).toBe(4);
    expect(world.shard.rowsWaitMs).toBeNull();
  });

  it("shows everything with a cut, whatever waits", () => {
    const world = new World();
    world.now = T0;
    world.append(...all("started"));
    world.now += 1_000;
    world.append(...all("progress", 1));
    world.append(...all("progress", 2));
    world.shard.beginCut();
    expect(world.row("job-7", "1").progress?.done).toBe(2);
  });
});
