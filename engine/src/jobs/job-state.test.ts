import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { NewestRun } from "../ports/stores.ts";
import { BlindTimes } from "./blind-times.ts";
import { JobActor } from "./job-actor.ts";
import { decodeJobState, needsNewestRuns } from "./job-state.ts";
import { joinFact } from "./join-fact.ts";
import { DigestRing } from "./run-digest.ts";
import { emptySummary } from "./run-summary.ts";
import { encodeSummary } from "./summary-codec.ts";
import { factsOf, JOB, Life, runOf } from "./test-life.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const MINUTE = 60_000;

interface Told {
  readonly minute: number;
  readonly end?: "succeeded" | "failed";
  readonly day?: string;
  readonly attempt?: number;
  readonly restartedFrom?: string;
  readonly clearedBy?: string;
}

/** A run as the store has it. */
function stored(executionId: string, told: Told): NewestRun {
  const { minute, end = "succeeded", day, restartedFrom = null, clearedBy = null } = told;
  const { attempt = restartedFrom === null ? 1 : 2 } = told;
  const run = emptySummary(executionId, "j", executionId);
  const name = { jobId: "j", namespace: "", name: "load", teamId: "t" };
  for (const [kind, at] of [
    ["started", minute],
    [end, minute + 1],
  ] as const) {
    const fact: Observation = {
      type: "observation",
      ...name,
      executionId,
      runKey: executionId,
      kind,
      occurredAt: T0 + at * MINUTE,
      ...(day === undefined ? {} : { businessDate: day }),
    };
    joinFact(run, fact, fact.occurredAt);
  }
  return { attempt, restartedFrom, clearedBy, summary: encodeSummary(run) };
}

/** What a program saves that cannot read the job's state and heard nothing new. */
function savedAnew(newestRuns: readonly NewestRun[]): unknown[] {
  const state = { job: JOB, partition: 0, state: '{"version":0}', newestRuns };
  const actor = new JobActor(0, decodeJobState(state), {
    knownUntil: null,
    settingsOf: () => null,
    occurrencesOf: () => null,
    blind: new BlindTimes(),
  });
  return actor
    .takeUnit()
    .runs.map(({ mode, columns }) => {
      const { executionId, attempt, restartedFrom, triggerKind, clearedBy } = columns;
      return [mode, executionId, attempt, restartedFrom, triggerKind, clearedBy];
    })
    .sort();
}

/** Newer runs of other instances, so that those before them are not among the few that memory keeps. */
const NEWER = Array.from({ length: LIMITS.endedRunsInMemory }, (_, n) =>
  stored(`new-${n}`, { minute: 1_000 - n }),
);
const day = "2026-11-23";

it("[UNIT-7, I2] an attempt that a late start moved behind the next one: both are saved as they are now", () => {
  const moved = stored("a", { minute: 60, end: "failed", day });
  const other = stored("b", { minute: 10, day, restartedFrom: "a" });
  expect(savedAnew([...NEWER, moved, other])).toEqual([
    ["put", "a", 2, "b", "RERUN", null],
    ["put", "b", 1, null, "SCHEDULED", null],
  ]);
});

it("[UNIT-7, I2] a failure whose cure was saved and not yet told of it", () => {
  const cure = stored("b", { minute: 10, day, restartedFrom: "a" });
  const failed = stored("a", { minute: 0, end: "failed", day });
  expect(savedAnew([...NEWER, cure, failed])).toContainEqual([
    "put",
    "a",
    1,
    null,
    "SCHEDULED",
    "b",
  ]);
});

it("[UNIT-7, I2] an attempt whose predecessor turned out to be of another business date", () => {
  const alone = stored("b", { minute: 10, day, restartedFrom: "a" });
  const left = stored("a", { minute: 0, day: "2026-11-22" });
  expect(savedAnew([...NEWER, alone, left])).toEqual([["put", "b", 1, null, "SCHEDULED", null]]);
});

it("[UNIT-7, RUN-6] what the store tells of a predecessor that is too old to be known is not replaced", () => {
  const third = stored("c", { minute: 20, day, attempt: 9, restartedFrom: "b" });
  const second = stored("b", { minute: 10, day, attempt: 8, restartedFrom: "a" });
  expect(savedAnew([...NEWER, third, second])).toEqual([]);
});

it("[UNIT-7] where the store tells everything as it is, nothing is saved anew", () => {
  const cure = stored("b", { minute: 10, day, restartedFrom: "a" });
  const failed = stored("a", { minute: 0, end: "failed", day, clearedBy: "b" });
  expect(savedAnew([...NEWER, cure, failed])).toEqual([]);
});

it("[UNIT-7, RUN-6] attempts behind a predecessor that is too old to be known are numbered from it on", () => {
  const third = stored("c", { minute: 20, day, attempt: 9, restartedFrom: "a" });
  const second = stored("b", { minute: 10, day, attempt: 9, restartedFrom: "a" });
  expect(savedAnew([...NEWER, third, second])).toEqual([
    ["put", "b", 9, "a", "RERUN", null],
    ["put", "c", 10, "b", "RERUN", null],
  ]);
});

/** A state as a program of this version wrote it, after 66 runs of one business date. */
function written(version: number): string {
  return readFileSync(new URL(`job-state-${version}.txt`, import.meta.url), "utf8").trimEnd();
}

function lifeOf66(): Life {
  const life = new Life();
  for (const fact of Array.from({ length: 66 }, (_, n) => factsOf(n + 1)).flat()) {
    life.hear(fact);
    life.settle();
  }
  return life;
}

it("[UNIT-7] the state is written as it always was in this version", () => {
  const { state } = lifeOf66();
  expect(state).toBe(written(4));
  const { left } = decodeJobState({ job: JOB, partition: 0, state });
  expect(left).toEqual([{ instanceKey: "date:2026-11-24", attempts: 2, last: runOf(2) }]);
});

it("[UNIT-7] a state of the version before it says the same", () => {
  const now = { job: JOB, partition: 0, state: written(4) };
  const before = { ...now, state: written(3) };
  expect(needsNewestRuns(before)).toBe(false);
  const memories = [now, before].map(decodeJobState);
  const [digests, digestsBefore] = memories.map((memory) => new DigestRing(memory.digests).items);
  expect(digests).toHaveLength(LIMITS.digestsPerJob);
  expect(digests).toEqual(digestsBefore);
  // It kept more of the ended runs.
  const [runs = [], runsBefore] = memories.map((memory) => memory.runs);
  expect(runs.length).toBeGreaterThan(LIMITS.endedRunsInMemory);
  expect(runsBefore).toEqual(expect.arrayContaining([...runs]));
});

it("[UNIT-7] a state of version 2 is read: its attempts are numbered on from where they are", () => {
  const life = lifeOf66();
  life.state = written(2);
  expect(needsNewestRuns({ job: JOB, partition: 0, state: life.state })).toBe(false);
  expect(life.memory()).toMatchObject({ forgotSome: true, left: [] });
  expect(life.memory().digests).toHaveLength(LIMITS.digestsPerJob);
  life.restart("kept");
  for (const n of [67, 68]) {
    for (const fact of factsOf(n)) life.hear(fact);
    life.settle();
  }
  const [, last] = life.columns().slice(-2);
  expect(last).toMatchObject({ attempt: LIMITS.digestsPerJob + 2, restartedFrom: runOf(67) });
});
