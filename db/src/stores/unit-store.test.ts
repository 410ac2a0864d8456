import { join } from "node:path";
import { LIMITS, type Stores } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { jobSave, openTestStores, putRun, tempDir, transition, unit } from "./test-store.ts";

const everyone = { teamIds: "all", payload: true } as const;

async function everything(stores: Stores): Promise<unknown> {
  return {
    states: await stores.jobs.loadStates([3, 4], null),
    runs: await stores.runs.list(everyone, {}, 100, null),
    run: await stores.runs.get("e1"),
    teams: await stores.identity.teams(),
  };
}

test("saving the same piece twice leaves the same rows", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const note = {
    type: "lineage" as const,
    noteId: "n1",
    subject: "job" as const,
    namespace: "ns",
    name: "x",
    occurredAt: 1,
    body: "{}",
    sourceId: "src",
    receivedAt: 2,
  };
  const piece = {
    term,
    units: [unit({ runs: [putRun("e1")], transitions: [transition("f1")], notes: [note] })],
    mark: null,
  };
  await stores.units.save(piece);
  const once = await everything(stores);
  expect(await stores.units.save(piece)).toEqual({ lostPartitions: [], amended: [] });
  expect(await everything(stores)).toEqual(once);
  expect(await stores.runs.get("e1")).toMatchObject({
    run: { jobName: "GL_EXTRACT", namespace: "", ownerTeamId: "ledger", writtenCount: 7 },
    summary: "s(e1)",
    transitions: [{ factId: "f1" }],
    parent: null,
  });
});

test("a unit of a stale term is not written and its partition is reported lost", async () => {
  const stores = await openTestStores();
  const old = await stores.partitions.claim([3, 4]);
  const newer = await stores.partitions.claim([3]);
  expect(newer.term).toBeGreaterThan(old.term);
  const saved = await stores.units.save({
    term: old.term,
    units: [unit(), unit({ partition: 4, job: jobSave({ jobId: "j4" }) })],
    mark: { partitions: [3, 4], position: 9 },
  });
  expect(saved.lostPartitions).toEqual([3]);
  expect(await stores.jobs.get("j1")).toBeNull();
  expect(await stores.jobs.get("j4")).not.toBeNull();
  expect((await stores.partitions.claim([3, 4])).marks).toEqual([
    { partition: 3, position: 0 },
    { partition: 4, position: 9 },
  ]);
});

test("a mark never goes back", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  for (const position of [10, 7]) {
    await stores.units.save({ term, units: [], mark: { partitions: [3], position } });
  }
  expect((await stores.partitions.claim([3])).marks).toEqual([{ partition: 3, position: 10 }]);
});

test("amend joins with the stored summary, or writes the run as given when there is none", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const amend = { ...putRun("e1"), mode: "amend" as const, summary: "a" };
  const first = await stores.units.save({ term, units: [unit({ runs: [amend] })], mark: null });
  expect(first.amended.map((run) => run.summary)).toEqual(["a"]);
  const again = { ...amend, summary: "b" };
  const second = await stores.units.save({ term, units: [unit({ runs: [again] })], mark: null });
  expect(second.amended).toMatchObject([{ summary: "a+b", columns: { attempt: 2 } }]);
  expect(await stores.runs.get("e1")).toMatchObject({ summary: "a+b", run: { attempt: 2 } });
});

test("first and last sight only widen, and the owner follows the facts while nobody set one", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const save = (job: Parameters<typeof jobSave>[0]) =>
    stores.units.save({ term, units: [unit({ job: jobSave(job) })], mark: null });
  await save({});
  await save({ firstSeenAt: 500, lastSeenAt: 600, ownerTeamId: "payments" });
  expect(await stores.jobs.get("j1")).toMatchObject({
    firstSeenAt: 500,
    lastSeenAt: 2_000,
    ownerTeamId: "payments",
    environment: "PROD",
    lifecycle: "WATCHING",
    tier: null,
  });
});

test("a repeated transition keeps its earliest receipt, and a run keeps its newest ones", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const surplus = 5;
  const transitions = Array.from({ length: LIMITS.transitionsPerRun + surplus }, (_, i) =>
    transition(`f${i}`, { occurredAt: i }),
  );
  const last = `f${LIMITS.transitionsPerRun + surplus - 1}`;
  const repeats = [900, 1_200].map((receivedAt) =>
    transition(last, { occurredAt: 1e6, receivedAt }),
  );
  await stores.units.save({
    term,
    units: [unit({ runs: [putRun("e1")], transitions: [...transitions, ...repeats] })],
    mark: null,
  });
  const kept = (await stores.runs.get("e1"))?.transitions ?? [];
  expect(kept).toHaveLength(LIMITS.transitionsPerRun);
  expect(kept[0]?.factId).toBe(`f${surplus}`);
  expect(kept.at(-1)).toMatchObject({ factId: last, receivedAt: 900 });
});

test("a piece that fails writes nothing, and concurrent pieces do not mix", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const orphan = unit({ job: null, runs: [putRun("e9", { jobId: "nobody" })] });
  const results = await Promise.allSettled([
    stores.units.save({ term, units: [unit(), orphan], mark: null }),
    stores.units.save({ term, units: [unit({ job: jobSave({ jobId: "j2" }) })], mark: null }),
  ]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "fulfilled"]);
  expect(await stores.jobs.get("j1")).toBeNull();
  expect(await stores.jobs.get("j2")).not.toBeNull();
});

test("what people set on a job stays: its owner, tier and runbook", async () => {
  const path = join(await tempDir(), "store.db");
  const stores = await openTestStores(path);
  const { term } = await stores.partitions.claim([3]);
  await stores.units.save({ term, units: [unit()], mark: null });
  const people = new Sqlite(path);
  people.exec("update job set owned_since = 5, tier = 1, runbook_url = 'https://runbook.example'");
  people.close();
  const job = jobSave({ ownerTeamId: "payments", lastSeenAt: 9_000 });
  await stores.units.save({ term, units: [unit({ job })], mark: null });
  expect(await stores.jobs.get("j1")).toMatchObject({
    ownerTeamId: "ledger",
    ownedSince: 5,
    tier: 1,
    runbookUrl: "https://runbook.example",
    lastSeenAt: 9_000,
  });
});
