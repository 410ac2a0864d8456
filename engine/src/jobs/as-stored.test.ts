import { expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import type { RecentRun } from "../ports/stores.ts";
import { BlindTimes } from "./blind-times.ts";
import { JobActor } from "./job-actor.ts";
import { newJobMemory } from "./new-job-memory.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const WORLD = {
  knownUntil: T0,
  settingsOf: () => null,
  occurrencesOf: () => null,
  blind: new BlindTimes(),
};

function saved(kind: Observation["kind"]): { actor: JobActor; stored: RecentRun } {
  const fact: Observation = {
    type: "observation",
    jobId: "j",
    namespace: "",
    name: "load",
    teamId: "t",
    executionId: "e",
    runKey: "1",
    kind,
    occurredAt: T0,
  };
  const actor = new JobActor(0, newJobMemory(fact, "s"), WORLD);
  const record = { position: 1, partition: 0, receivedAt: T0, sourceId: "s" };
  actor.apply(fact, { ...record, contract: "native", bytes: new Uint8Array() });
  actor.takeRows();
  const unit = actor.takeUnit();
  actor.saved(unit, []);
  const [run] = unit.runs;
  if (run === undefined) throw new Error("A unit of a new run has it.");
  return { actor, stored: { ...run.columns, summary: run.summary } };
}

it.each(["started", "succeeded"] as const)(
  "a run that is in memory just as it is stored is not recalled (%s)",
  (kind) => {
    const { actor, stored } = saved(kind);
    const before = actor.takeUnit().job?.state;
    expect(actor.recall(stored)).toBeNull();
    expect(actor.unsaved).toBe(0);
    expect(actor.takeRows()).toEqual([]);
    expect(actor.takeUnit().job?.state).toBe(before);
  },
);

it("a run of which memory has only a part is taken in", () => {
  const { stored } = saved("started");
  const { actor } = saved("succeeded");
  const other = { ...stored, executionId: "f", summary: stored.summary.replace(`"e"`, `"f"`) };
  expect(actor.recall(other)).toBeNull();
  expect(actor.openRuns).toBe(1);
  expect(actor.takeRows()).toHaveLength(1);
});
