import {
  columnsOf,
  encodeSummary,
  emptySummary,
  joinFact,
  jobIdOf,
  joinStoredSummaries,
  type ChangeAuthor,
  type Observation,
  type RunSave,
  type Stores,
  type Unit,
} from "@batchwatch/engine";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jobSave, openTestStores, tempDir, transition, unit } from "./test-store.ts";

const by: ChangeAuthor = { userId: "u1", name: "Shift lead" };
const everyone = { teamIds: "all", payload: true } as const;
const OLD = named("GL_EXTRACT");
const NEW = named("GL_EXTRACT_V2");
const THIRD = named("GL_EXTRACT_V3");

function named(name: string): Name {
  return { namespace: "core", name, jobId: jobIdOf("src", "core", name) };
}

interface Name {
  readonly namespace: string;
  readonly name: string;
  readonly jobId: string;
}

function fact(job: Name, runKey: string, part: Partial<Observation> = {}): Observation {
  return {
    type: "observation",
    jobId: job.jobId,
    executionId: `e-${runKey}`,
    namespace: job.namespace,
    name: job.name,
    teamId: "ledger",
    runKey,
    kind: "started",
    occurredAt: 1_000,
    ...part,
  };
}

/** What a shard would save after these facts of one run. */
function runOf(facts: readonly Observation[], mode: RunSave["mode"] = "put"): RunSave {
  const [first] = facts as [Observation];
  const summary = emptySummary(first.executionId, first.jobId, first.runKey);
  for (const one of facts) joinFact(summary, one, one.occurredAt);
  return { mode, columns: columnsOf(summary), summary: encodeSummary(summary) };
}

function unitOf(job: Name, ...runs: RunSave[]): Unit {
  const { jobId, namespace, name } = job;
  return unit({ job: jobSave({ jobId, namespace, name }), runs });
}

async function open(...units: Unit[]) {
  const stores = await openTestStores(undefined, joinStoredSummaries);
  const { term } = await stores.partitions.claim([3]);
  const save = (...more: Unit[]) => stores.units.save({ term, units: more, mark: null });
  await save(...units);
  return { stores, save };
}

async function runsOf(stores: Stores, jobId: string): Promise<string[]> {
  const page = await stores.runs.list(everyone, { jobId }, 200, null);
  return page.items.map((run) => `${run.runKey} ${run.state}`).sort();
}

test("[SET-4] facts under a new name belong to the job from now on", async () => {
  const { stores } = await open(unitOf(OLD, runOf([fact(OLD, "1")])));
  const identity = await stores.identity.version();
  const version = await stores.settings.version();
  const renamed = await stores.settings.rename(OLD.jobId, NEW, by, 50);
  expect(renamed).toMatchObject({ jobId: OLD.jobId, name: NEW.name, namespace: "core" });
  expect(await stores.settings.aliases()).toEqual([
    { sourceId: "src", aliasId: NEW.jobId, jobId: OLD.jobId, since: 50 },
  ]);
  expect(await stores.identity.version()).toBeGreaterThan(identity);
  expect((await stores.settings.changedSince(version)).settings).toEqual([renamed]);
  expect(await stores.settings.changes(OLD.jobId, 5)).toMatchObject([
    { field: "name", before: "core/GL_EXTRACT", after: "core/GL_EXTRACT_V2" },
  ]);
});

test("[SET-4] a job that lives under the new name is taken in: one job, all runs, nothing saved twice", async () => {
  const { stores } = await open(
    unitOf(OLD, runOf([fact(OLD, "1")])),
    unitOf(NEW, runOf([fact(NEW, "2", { occurredAt: 3_000 })])),
  );
  await stores.settings.rename(OLD.jobId, NEW, by, 50);
  expect(await runsOf(stores, OLD.jobId)).toEqual(["1 running", "2 running"]);
  expect(await runsOf(stores, NEW.jobId)).toEqual([]);
  const jobs = await stores.jobs.list(everyone, {}, 10, null);
  expect(jobs.items).toMatchObject([{ jobId: OLD.jobId, name: NEW.name }]);
  expect(await stores.jobs.get(NEW.jobId)).toMatchObject({ jobId: OLD.jobId });
  const states = await stores.jobs.loadStates([3], null);
  expect(states).toMatchObject([{ job: { jobId: OLD.jobId }, state: "{}" }]);
  expect((await stores.settings.changes(OLD.jobId, 5)).map((one) => one.field).sort()).toEqual([
    "joined",
    "name",
  ]);
});

test("[SET-5, I3] facts on their way when the job was renamed reach it and do not bring the other one back", async () => {
  const { stores, save } = await open(unitOf(OLD), unitOf(NEW, runOf([fact(NEW, "2")])));
  await stores.settings.rename(OLD.jobId, NEW, by, 50);
  const late = [fact(NEW, "2"), fact(NEW, "2", { kind: "succeeded", occurredAt: 9_000 })];
  const arrived = unitOf(NEW, runOf(late), runOf([fact(NEW, "3")]));
  const saved = await save({ ...arrived, transitions: [transition("f9")] });
  expect(saved.renamed).toEqual([{ from: NEW.jobId, to: OLD.jobId }]);
  expect(await runsOf(stores, OLD.jobId)).toEqual(["2 succeeded", "3 running"]);
  expect((await stores.jobs.list(everyone, {}, 10, null)).items).toHaveLength(1);
  expect((await stores.jobs.loadStates([3], null)).map((one) => one.job.jobId)).toEqual([
    OLD.jobId,
  ]);
  expect((await save(unitOf(OLD))).renamed).toBeUndefined();
});

test("[SET-5, RUN-6] an owner that does not know a moved run cannot replace it by less", async () => {
  const whole = [
    fact(NEW, "2", { stage: { name: "load" } }),
    fact(NEW, "2", { kind: "failed", occurredAt: 4_000, message: "disk full" }),
  ];
  const { stores, save } = await open(unitOf(OLD), unitOf(NEW, runOf(whole)));
  await stores.settings.rename(OLD.jobId, NEW, by, 50);
  const host = { kind: "progress", occurredAt: 2_000, host: "h1" } as const;
  const part = unitOf(OLD, runOf([fact(OLD, "2", host)]));
  const [answer] = (await save(part)).amended;
  expect(answer?.columns).toMatchObject({ jobId: OLD.jobId, state: "failed", host: "h1" });
  expect(await stores.runs.get("e-2")).toMatchObject({
    run: { state: "failed", message: "disk full", jobId: OLD.jobId },
  });
  // Once the owner has taken the answer in, its saves are complete and are not answered again.
  const learned = runOf([...whole, fact(OLD, "2", host)]);
  expect((await save(unitOf(OLD, learned))).amended).toEqual([]);
});

test("[SET-4] chains are flattened, and a rename back leaves both names with the job", async () => {
  const { stores } = await open(unitOf(OLD));
  const { settings } = stores;
  await settings.rename(OLD.jobId, NEW, by, 50);
  await settings.rename(OLD.jobId, THIRD, by, 60);
  const leads = async () =>
    new Map((await settings.aliases()).map((alias) => [alias.aliasId, alias.jobId]));
  expect(await leads()).toEqual(
    new Map([
      [NEW.jobId, OLD.jobId],
      [THIRD.jobId, OLD.jobId],
    ]),
  );
  const back = await settings.rename(OLD.jobId, OLD, by, 70);
  expect(back).toMatchObject({ name: OLD.name });
  expect((await leads()).size).toBe(2);
  const version = await settings.version();
  await settings.rename(OLD.jobId, OLD, by, 80);
  expect(await settings.version()).toBe(version);
});

test("[SET-4] taking in a job that was renamed before takes all its names", async () => {
  const { stores } = await open(unitOf(OLD), unitOf(NEW));
  await stores.settings.rename(NEW.jobId, THIRD, by, 50);
  await stores.settings.rename(OLD.jobId, THIRD, by, 60);
  expect(
    (await stores.settings.aliases()).map((alias) => [alias.aliasId, alias.jobId]).sort(),
  ).toEqual(
    [
      [NEW.jobId, OLD.jobId],
      [THIRD.jobId, OLD.jobId],
    ].sort(),
  );
});

test("[SET-4] a name of another job's past is taken", async () => {
  const { stores } = await open(unitOf(OLD), unitOf(NEW));
  await stores.settings.rename(NEW.jobId, THIRD, by, 50);
  await expect(stores.settings.rename(OLD.jobId, NEW, by, 60)).rejects.toMatchObject({
    code: "name_taken",
    message: expect.stringContaining("GL_EXTRACT_V3"),
  });
  expect(await stores.jobs.get(OLD.jobId)).toMatchObject({ name: OLD.name });
});

test("a rename survives another program opening the store", async () => {
  const path = `${await tempDir()}/store.db`;
  const stores = await openTestStores(path, joinStoredSummaries);
  const { term } = await stores.partitions.claim([3]);
  await stores.units.save({ term, units: [unitOf(OLD)], mark: null });
  const other = await openTestStores(path, joinStoredSummaries);
  await other.settings.rename(OLD.jobId, NEW, by, 50);
  expect(await stores.settings.aliases()).toHaveLength(1);
  expect(await stores.settings.get(OLD.jobId)).toMatchObject({ name: NEW.name });
});

test("[SET-5, I2, I3] whenever the rename comes between the saves, the runs end the same", async () => {
  const { stores, save } = await open();
  let times = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      async (renameAt, knownAt) => {
        times += 1;
        const before = named(`BEFORE_${times}`);
        const after = named(`AFTER_${times}`);
        const [two, three] = [`${times}-2`, `${times}-3`];
        const facts = [
          fact(after, two),
          fact(after, two, { kind: "progress", occurredAt: 2_000, progress: { done: 5 } }),
          fact(after, two, { kind: "failed", occurredAt: 3_000, message: "no space" }),
          fact(after, three, { occurredAt: 4_000 }),
          fact(after, three, { kind: "succeeded", occurredAt: 5_000 }),
        ];
        await save(unitOf(before), unitOf(after));
        const rename = () => stores.settings.rename(before.jobId, after, by, 50);
        const byOld = new Map<string, Observation[]>();
        const byNew = new Map<string, Observation[]>();
        for (const [index, one] of facts.entries()) {
          if (index === renameAt) await rename();
          // The door learns of the rename some time after the store: until then facts go to the new job's owner.
          const known = index >= Math.max(renameAt, knownAt);
          const owner = known ? before : after;
          const runs = known ? byOld : byNew;
          const held = runs.get(one.runKey) ?? [];
          held.push({ ...one, jobId: owner.jobId });
          runs.set(one.runKey, held);
          await save(unitOf(owner, runOf(held)));
        }
        if (renameAt === facts.length) await rename();
        expect(await runsOf(stores, before.jobId)).toEqual([`${two} failed`, `${three} succeeded`]);
      },
    ),
    { numRuns: 30 },
  );
}, 30_000);
