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

function all(kind: Observation["kind"], done = 0, jobs = JOBS): Observation[] {
  return Array.from({ length: jobs }, (_, job) => fact(job, kind, done));
}

/** How often each row was sent. */
function timesSent({ messages }: World): Map<string, number> {
  const times = new Map<string, number>();
  for (const message of messages) {
    if (message.type !== "rows") continue;
    for (const { key } of message.rows) times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
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

  it("lets no row be made twice in a round, however long facts come in and however many jobs they are of", () => {
    const jobs = 3 * LIMITS.rowsPerSend;
    const world = new World();
    world.now = T0;
    world.append(...all("started", 0, jobs));
    world.now += LIMITS.rowPauseMs;
    world.messages.length = 0;
    world.append(...[1, 2, 3, 4].flatMap((done) => all("progress", done, jobs)));
    const times = timesSent(world);
    expect(times.size).toBeGreaterThanOrEqual(LIMITS.rowsPerSend);
    expect(Math.max(...times.values())).toBe(1);
    for (let wait = world.shard.rowsWaitMs; wait !== null; wait = world.shard.rowsWaitMs) {
      world.now += wait;
      world.shard.step();
    }
    const shown = [...world.rows.values()].map((row) => row.kind === "run" && row.progress?.done);
    expect(new Set(shown)).toEqual(new Set([4]));
  });

  it("holds all rows while the journal is read again, but for a round with each cut", () => {
    const world = new World();
    world.now = T0;
    const facts = [
      ...all("started"),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => all("progress", n)),
    ];
    world.append(...facts);
    expect(facts.length).toBeGreaterThan(LIMITS.journalReadRows);
    world.messages.length = 0;
    world.boot();
    world.shard.step();
    expect([timesSent(world).size, world.shard.rowsWaitMs]).toEqual([0, null]);
    world.shard.beginCut();
    expect(timesSent(world).size).toBe(JOBS);
    while (world.shard.step());
    expect(world.messages.at(-1)?.type).toBe("caught-up");
    expect([...timesSent(world).values()]).toEqual(Array.from({ length: JOBS }, () => 2));
    expect(world.row("job-7", "1").progress?.done).toBe(9);
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
