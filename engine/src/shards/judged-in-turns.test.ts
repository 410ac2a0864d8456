import { expect, it } from "vitest";
import { JobActor } from "../jobs/job-actor.ts";
import { MemoryLog } from "../simulation/memory-log.ts";
import { LIMITS } from "../model/limits.ts";
import { partitionOf } from "../model/ids.ts";
import type { StoredJobState } from "../ports/stores.ts";
import type { FromShard } from "./messages.ts";
import { Shard } from "./shard.ts";
import { T0 } from "./test-facts.ts";

const JOBS = 3 * LIMITS.jobsJudgedAtOnce + 1;

function stored(index: number): StoredJobState {
  const jobId = `job-${index}`;
  const job = { jobId, sourceId: "s", namespace: "n", name: jobId, ownerTeamId: "team" };
  const state = `{"version":3,"forgotSome":false,"digests":[],"runs":[]}`;
  return {
    partition: partitionOf(jobId),
    state,
    job: { ...job, firstSeenAt: T0, lastSeenAt: T0 },
  } as StoredJobState;
}

it("[SUP-3] judges all jobs of a start, but never so many at once that its thread seems to hang", () => {
  let judged = 0;
  class Counted extends JobActor {
    override judge(): boolean {
      judged += 1;
      return super.judge();
    }
  }
  const sent: FromShard[] = [];
  const shard = new Shard({
    index: 0,
    count: 1,
    reader: new MemoryLog().reader(),
    clock: { now: () => T0 },
    send: (message) => sent.push(message),
    makeActor: (partition, memory, world) => new Counted(partition, memory, world),
  });
  shard.receive({ type: "load", states: Array.from({ length: JOBS }, (_, at) => stored(at)) });
  shard.receive({ type: "start", term: 1, marks: [{ partition: 0, position: 0 }], end: 0 });
  const turns: number[] = [];
  for (let more = true; more; judged = 0) {
    more = shard.step();
    turns.push(judged);
  }
  expect(turns.reduce((sum, count) => sum + count, 0)).toBe(JOBS);
  expect(Math.max(...turns)).toBeLessThanOrEqual(LIMITS.jobsJudgedAtOnce);
  // Only then is the board complete.
  expect(sent.at(-1)?.type).toBe("caught-up");
  expect(sent.filter(({ type }) => type === "caught-up")).toHaveLength(1);
});
