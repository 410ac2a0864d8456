import { LIMITS } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import {
  type ConformingStores,
  jobSave,
  letter,
  openMemoryStores,
  openSqliteStores,
  putRun,
  transition,
  unit,
} from "./test-store.ts";

async function everything(stores: ConformingStores): Promise<unknown> {
  return {
    states: await stores.jobs.loadStates([3, 4], null),
    run: await stores.run("e1"),
    letters: await stores.letters.load([3, 4], null),
  };
}

/** Every store that units are saved in keeps to this; the simulation is as honest as its store. */
describe.each([
  ["SQLite", () => openSqliteStores()],
  ["the simulation's memory", () => openMemoryStores()],
] as const)("units in %s", (_name, open) => {
  test("saving the same piece twice leaves the same rows [UNIT-2]", async () => {
    const stores = await open();
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
    expect(await stores.run("e1")).toMatchObject({
      columns: { state: "running", writtenCount: 7 },
      summary: "s(e1)",
      transitions: [{ factId: "f1" }],
    });
  });

  test("a unit of a stale term is not written and its partition is reported lost [UNIT-1, I3]", async () => {
    const stores = await open();
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

  test("a mark never goes back [UNIT-4]", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    for (const position of [10, 7]) {
      await stores.units.save({ term, units: [], mark: { partitions: [3], position } });
    }
    expect((await stores.partitions.claim([3])).marks).toEqual([{ partition: 3, position: 10 }]);
  });

  test("a job comes back with the position that it was saved up to, and all positions are at most the furthest [UNIT-9, UNIT-11]", async () => {
    const stores = await open();
    expect(await stores.partitions.savedTo()).toBe(0);
    const { term } = await stores.partitions.claim([3, 4]);
    const other = unit({ partition: 4, job: jobSave({ jobId: "j4" }) });
    const save = (units: Parameters<typeof stores.units.save>[0]["units"], at: number = term) =>
      stores.units.save({ term: at, units, mark: null });
    await save([unit({ position: 12 }), { ...other, position: 9 }]);
    const positions = async () => {
      const states = await stores.jobs.loadStates([3, 4], null);
      return states.map(({ job, position }) => [job.jobId, position]);
    };
    expect(await positions()).toEqual([
      ["j1", 12],
      ["j4", 9],
    ]);
    expect(await stores.partitions.savedTo()).toBe(12);
    await save([unit({ position: 99 })], term - 1);
    await save([{ ...other, position: 11 }]);
    expect(await positions()).toEqual([
      ["j1", 12],
      ["j4", 11],
    ]);
    expect(await stores.partitions.savedTo()).toBe(12);
    await stores.units.save({ term, units: [], mark: { partitions: [4], position: 20 } });
    await stores.partitions.claim([3, 4]);
    expect(await stores.partitions.savedTo()).toBe(20);
  });

  test("amend joins with the stored summary, or writes the run as given when there is none", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const amend = { ...putRun("e1"), mode: "amend" as const, summary: "a" };
    const first = await stores.units.save({ term, units: [unit({ runs: [amend] })], mark: null });
    expect(first.amended.map((run) => run.summary)).toEqual(["a"]);
    const again = { ...amend, summary: "b" };
    const second = await stores.units.save({ term, units: [unit({ runs: [again] })], mark: null });
    expect(second.amended).toMatchObject([{ summary: "a+b" }]);
    expect(await stores.run("e1")).toMatchObject({ summary: "a+b" });
  });

  test("first and last sight only widen, and the owner follows the facts while nobody set one", async () => {
    const stores = await open();
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
    const stores = await open();
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
    const kept = (await stores.run("e1"))?.transitions ?? [];
    expect(kept).toHaveLength(LIMITS.transitionsPerRun);
    expect(kept[0]?.factId).toBe(`f${surplus}`);
    expect(kept.at(-1)).toMatchObject({ factId: last, receivedAt: 900 });
  });

  test("an amendment keeps what only the run's neighbours say of it [RUN-6]", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const standing = { attempt: 7, restartedFrom: "e0", clearedBy: "e2", triggerKind: "RERUN" };
    await stores.units.save({
      term,
      units: [unit({ runs: [putRun("e1", standing)] })],
      mark: null,
    });
    const amend = { ...putRun("e1"), mode: "amend" as const };
    const saved = await stores.units.save({ term, units: [unit({ runs: [amend] })], mark: null });
    expect(saved.amended).toMatchObject([{ columns: standing }]);
    expect((await stores.run("e1"))?.columns).toMatchObject(standing);
  });

  test("what cannot be stored is refused whole, and says so [UNIT-5]", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const orphan = unit({ job: null, runs: [putRun("e9", { jobId: "nobody" })] });
    const letters = { kept: [letter("l1")], released: [] };
    await expect(
      stores.units.save({
        term,
        units: [unit(), orphan],
        letters,
        mark: { partitions: [3], position: 9 },
      }),
    ).rejects.toMatchObject({ code: "refused" });
    expect(await everything(stores)).toEqual({ states: [], run: null, letters: [] });
    expect((await stores.partitions.claim([3])).marks).toEqual([{ partition: 3, position: 0 }]);
  });

  test("letters are kept once, as they were received, by their owner only, and go with their job's release [UNIT-6]", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const last = letter("l0", { receivedAt: letter("l0").receivedAt + 1 });
    const kept = [
      last,
      letter("l2"),
      letter("l1"),
      letter("l3", { jobId: "j2" }),
      letter("l4", { jobId: null }),
    ];
    const save = (at: number, letters: { kept?: typeof kept; released?: string[] }) =>
      stores.units.save({
        term: at,
        units: [],
        letters: {
          kept: letters.kept ?? [],
          released: (letters.released ?? []).map((jobId) => ({ jobId, partition: 3 })),
        },
        mark: null,
      });
    await save(term, { kept });
    await save(term, { kept: [letter("l1", { reason: "another" })] });
    expect(
      (await save(term - 1, { kept: [letter("l5")], released: ["j1"] })).lostPartitions,
    ).toEqual([3]);
    const loaded = await stores.letters.load([3], null);
    expect(loaded).toEqual([letter("l1"), letter("l2"), last, letter("l3", { jobId: "j2" })]);
    expect(await stores.letters.load([4], null)).toEqual([]);
    expect(await stores.letters.load([3], letter("l1"))).toEqual(loaded.slice(1));
    expect(await stores.letters.load([3], letter("l2"))).toEqual(loaded.slice(2));
    expect(await stores.letters.load([3], last)).toEqual(loaded.slice(3));
    expect(await stores.letters.counts(2)).toEqual([
      { jobId: "j1", letters: 3 },
      { jobId: null, letters: 1 },
    ]);
    await save(term, { released: ["j1"] });
    expect(await stores.letters.load([3], null)).toEqual(loaded.slice(3));
  });

  test("a job's newest runs come newest first, at most as many as it remembers [UNIT-7]", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const count = LIMITS.digestsPerJob + 3;
    const links = { attempt: 7, restartedFrom: "e0", clearedBy: "e1" };
    const runs = Array.from({ length: count }, (_, n) =>
      putRun(`e${n}`, { orderedAt: n, ...links }),
    );
    await stores.units.save({ term, units: [unit({ runs })], mark: null });
    const [one, two] = await stores.jobs.newestRuns(["j1", "nobody"]);
    expect(one?.runs).toHaveLength(LIMITS.digestsPerJob);
    expect(one?.runs[0]).toEqual({ ...links, summary: `s(e${count - 1})` });
    expect(two).toEqual({ jobId: "nobody", runs: [] });
  });

  test("recent runs are those that the board still shows", async () => {
    const stores = await open();
    const { term } = await stores.partitions.claim([3]);
    const now = Date.UTC(2026, 10, 24);
    const hoursAgo = (hours: number) => ({
      endedAt: now - hours * 3_600_000,
      orderedAt: now - (hours + 1) * 3_600_000,
    });
    const runs = [
      putRun("e1", { state: "succeeded", ...hoursAgo(0.5) }),
      putRun("e2", { state: "succeeded", ...hoursAgo(2) }),
      putRun("e3", { state: "failed", ...hoursAgo(23), attempt: 2, clearedBy: "e1" }),
      putRun("e4", { state: "failed", ...hoursAgo(25) }),
      putRun("e5", { state: "running", orderedAt: now, lastFactAt: now }),
      putRun("e7", { state: "running", orderedAt: now - 90_000_000, lastFactAt: now - 90_000_000 }),
      putRun("e6", { state: "stopped", ...hoursAgo(0.5) }),
    ];
    await stores.units.save({ term, units: [unit({ runs })], mark: null });
    const recent = await stores.jobs.recentRuns([3], now, null);
    expect(recent.map((run) => run.executionId)).toEqual(["e3", "e1", "e6", "e5"]);
    expect(recent[0]).toMatchObject({ attempt: 2, clearedBy: "e1", summary: "s(e3)" });
    expect(await stores.jobs.recentRuns([3], now, recent[0] ?? null)).toEqual(recent.slice(1));
    expect(await stores.jobs.recentRuns([4], now, null)).toEqual([]);
  });
});
