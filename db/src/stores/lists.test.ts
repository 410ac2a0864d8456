import type { Stores } from "@batchwatch/engine";
import { array, assert, asyncProperty, integer } from "fast-check";
import { expect, test } from "vitest";
import { jobSave, openTestStores, putRun, unit } from "./test-store.ts";

const everyone = { teamIds: "all", payload: true } as const;

async function filled(
  stores: Stores,
): Promise<(ids: readonly string[], at: number) => Promise<void>> {
  const { term } = await stores.partitions.claim([3]);
  return async (ids, at) => {
    const runs = ids.map((id) => putRun(id, { orderedAt: at }));
    await stores.units.save({ term, units: [unit({ runs })], mark: null });
  };
}

test("pages of runs hold every run once, while newer and older runs arrive between pages", async () => {
  const times = array(integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 25 });
  await assert(
    asyncProperty(times, integer({ min: 1, max: 6 }), times, async (first, size, later) => {
      const stores = await openTestStores();
      const insert = await filled(stores);
      for (const [i, at] of first.entries()) await insert([`a${i}`], at);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await stores.runs.list(everyone, {}, size, cursor);
        seen.push(...page.items.map((run) => run.executionId));
        cursor = page.nextCursor;
        const at = later.pop();
        if (at !== undefined) await insert([`b${later.length}`], at);
      } while (cursor !== null);
      expect(new Set(seen).size).toBe(seen.length);
      const original = seen.filter((id) => id.startsWith("a")).sort();
      expect(original).toEqual(first.map((_, i) => `a${i}`).sort());
    }),
    { numRuns: 15 },
  );
});

test("runs are filtered by job, state, parent and scope; an empty list of teams sees nothing", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const other = jobSave({ jobId: "j2", name: "EOD", ownerTeamId: "payments" });
  await stores.units.save({
    term,
    units: [
      unit({ runs: [putRun("e1"), putRun("e2", { state: "failed", parentExecutionId: "e1" })] }),
      unit({ job: other, runs: [putRun("e3", { jobId: "j2", parentExecutionId: "e1" })] }),
    ],
    mark: null,
  });
  const ids = async (teamIds: "all" | string[], filter = {}) =>
    (await stores.runs.list({ teamIds, payload: true }, filter, 50, null)).items
      .map((run) => run.executionId)
      .sort();
  expect(await ids("all")).toEqual(["e1", "e2", "e3"]);
  expect(await ids(["payments"])).toEqual(["e3"]);
  expect(await ids([])).toEqual([]);
  expect(await ids("all", { jobId: "j1" })).toEqual(["e1", "e2"]);
  expect(await ids("all", { states: ["failed"] })).toEqual(["e2"]);
  expect(await ids(["ledger"], { parentExecutionId: "e1" })).toEqual(["e2"]);
  const detail = await stores.runs.get("e1");
  expect(detail?.children.map((run) => run.executionId).sort()).toEqual(["e2", "e3"]);
  expect((await stores.runs.get("e3"))?.parent?.executionId).toBe("e1");
  const many = Array.from({ length: 2_500 }, (_, i) => `t${i}`);
  expect(await ids([...many, "payments"])).toEqual(["e3"]);
});

test("jobs are listed by name and found by any part of it, wildcards taken literally", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const names = ["b_1", "a%x", "C1", "c2", "bX1"];
  const units = names.map((name, i) => unit({ job: jobSave({ jobId: `k${i}`, name }) }));
  await stores.units.save({ term, units, mark: null });
  const found = async (text?: string) =>
    (await stores.jobs.list(everyone, { text }, 50, null)).items.map((job) => job.name);
  expect(await found()).toEqual([...names].sort());
  expect(await found("c")).toEqual(["C1", "c2"]);
  expect(await found("_1")).toEqual(["b_1"]);
  expect(await found("%")).toEqual(["a%x"]);
  const page = await stores.jobs.list(everyone, {}, 3, null);
  const rest = await stores.jobs.list(everyone, {}, 3, page.nextCursor);
  expect([...page.items, ...rest.items].map((job) => job.name)).toEqual([...names].sort());
  expect(rest.nextCursor).toBeNull();
  expect(await stores.jobs.countBySource()).toEqual([{ sourceId: "src", jobs: 5 }]);
  expect(await stores.jobs.idsOfSource("src", null)).toEqual(["k0", "k1", "k2", "k3", "k4"]);
  expect(await stores.jobs.idsOfSource("src", "k2")).toEqual(["k3", "k4"]);
  expect(await stores.jobs.idsOfSource("other", null)).toEqual([]);
});

test.each(["", "nonsense", Buffer.from('["jobs","a","b"]').toString("base64url")])(
  "a cursor that this list did not give out is refused (%j)",
  async (cursor) => {
    const stores = await openTestStores();
    await expect(stores.runs.list(everyone, {}, 5, cursor)).rejects.toMatchObject({
      code: "invalid_cursor",
    });
  },
);
