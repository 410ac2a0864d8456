import { expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import { BlindTimes } from "./blind-times.ts";
import { JobActor } from "./job-actor.ts";
import type { JobWorld } from "./job-world.ts";
import { joinFact } from "./join-fact.ts";
import { newJobMemory } from "./new-job-memory.ts";
import { emptySummary } from "./run-summary.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const WORLD: JobWorld = {
  knownUntil: T0,
  settingsOf: () => null,
  occurrencesOf: () => null,
  blind: new BlindTimes(),
};

function fact(run: number, kind: Observation["kind"], at: number): Observation {
  const name = { jobId: "j", namespace: "", name: "load", teamId: "t" };
  const ids = { executionId: `e${run}`, runKey: String(run) };
  return { type: "observation", ...name, ...ids, kind, occurredAt: T0 + at };
}

it("[I6] the work that a fact makes does not grow with the runs of its job that a request brings", () => {
  let judged = 0;
  const world: JobWorld = {
    ...WORLD,
    get knownUntil() {
      judged += 1;
      return T0;
    },
  };
  const actor = new JobActor(0, newJobMemory(fact(0, "started", 0), "s"), world);
  const record = { position: 1, partition: 0, receivedAt: T0, sourceId: "s" };
  const runs = Array.from({ length: 500 }, (_, run) => run);
  const facts = (["started", "succeeded"] as const).flatMap((kind) =>
    runs.map((run) => fact(run, kind, run)),
  );
  for (const one of facts) {
    actor.apply(one, { ...record, contract: "native", bytes: new Uint8Array() });
  }
  expect(actor.takeRows().filter(({ kind }) => kind === "run")).toHaveLength(runs.length);
  expect(actor.takeUnit().runs.map(({ columns }) => columns.state)).toEqual(
    runs.map(() => "succeeded"),
  );
  expect(judged).toBeGreaterThanOrEqual(runs.length);
  expect(judged).toBeLessThan(10 * facts.length);
});

it("progress says once that its run is to be shown and saved, until both are done", () => {
  const actor = new JobActor(0, newJobMemory(fact(0, "started", 0), "s"), WORLD);
  const record = { position: 1, partition: 0, receivedAt: T0, sourceId: "s" };
  const say = (kind: Observation["kind"], at: number) =>
    actor.apply(fact(0, kind, at), { ...record, contract: "native", bytes: new Uint8Array() });
  const show = () => actor.takeRows().map((row) => row.kind === "run" && row.lastFactAt);
  const save = () => actor.takeUnit().runs.map(({ columns }) => columns.lastFactAt);
  const shown = (at: number) => [new Date(T0 + at).toISOString()];
  expect(say("started", 1)).toBe("transition");
  expect([show(), save()]).toEqual([shown(1), [T0 + 1]]);
  expect([show(), save()]).toEqual([[], []]);
  expect([say("progress", 2), say("progress", 3)]).toEqual(["progress", "again"]);
  expect(show()).toEqual(shown(3));
  expect([say("progress", 4), say("progress", 5)]).toEqual(["progress", "again"]);
  expect(save()).toEqual([T0 + 5]);
  expect(show()).toEqual(shown(5));
});

it("[I2] a job's owner is whom its newest fact names, in whatever order facts arrive: a back-fill takes no job away", () => {
  const old = { ...fact(1, "succeeded", -86_400_000), teamId: "before" };
  const facts = [old, fact(2, "started", 0), { ...fact(2, "succeeded", 9), teamId: "now" }];
  const record = { position: 1, partition: 0, receivedAt: T0, sourceId: "s" };
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const [first = old, ...rest] = order.map((index) => facts[index] ?? old);
    const actor = new JobActor(0, newJobMemory(first, "s"), WORLD);
    for (const one of [first, ...rest]) {
      actor.apply(one, { ...record, contract: "native", bytes: new Uint8Array() });
    }
    expect(actor.face.teamId).toBe("now");
  }
});

it("[UNIT-3] a change of its past that was not looked at yet counts as unsaved", () => {
  const actor = new JobActor(0, newJobMemory(fact(0, "started", 0), "s"), WORLD);
  const moved = emptySummary("e1", "former", "1");
  for (const kind of ["started", "succeeded"] as const) joinFact(moved, fact(1, kind, 1), 1);
  actor.absorb([moved]);
  expect(actor.unsaved).toBe(1);
  expect(actor.takeUnit().job?.state).toContain("e1");
  expect(actor.unsaved).toBe(0);
});
