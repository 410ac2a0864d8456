import { jobIdOf, LIMITS, type Stores, type Unit } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { change, holds, idOf, incident, memberOf } from "./test-incidents.ts";
import { jobSave, openTestStores, putRun, unit } from "./test-store.ts";

const lead = { userId: "u1", name: "Shift lead" } as const;

async function opened() {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  /** `reads`, `writes`: dataset names, by commas. */
  const save = (jobId: string, reads: string, writes: string, lastFactAt = 1_000) =>
    stores.units.save({
      term,
      units: [
        unit({
          job: jobSave({ jobId, name: `name of ${jobId}`, lastSeenAt: lastFactAt }),
          runs: [putRun(`e of ${jobId}`, { jobId, state: "failed", lastFactAt })],
          datasets: [
            ...names(reads).map((dataset) => ({ direction: "in" as const, dataset })),
            ...names(writes).map((dataset) => ({ direction: "out" as const, dataset })),
          ],
          alerts: [holds(`e of ${jobId}`, 50, { jobId })],
        }),
      ],
      mark: null,
    });
  return { stores, save };
}

function names(text: string): string[] {
  return text.split(",").filter((name) => name !== "");
}

async function downstream({ incidents }: Stores, jobId: string): Promise<string[]> {
  return (await incidents.downstream(jobId)).map((job) => job.jobId);
}

test("jobs wait for those that write what they read, however often it is said", async () => {
  const { stores, save } = await opened();
  for (let round = 0; round < 2; round += 1) {
    await save("j1", "", "a,b");
    await save("j2", "a,b", "c");
    await save("j3", "c,a", "c");
  }
  const { incidents } = stores;
  expect(await incidents.upstream([])).toEqual([]);
  expect(await incidents.upstream(["j1", "j2", "j3"])).toEqual([
    { jobId: "j1", upstream: [] },
    { jobId: "j2", upstream: ["j1"] },
    { jobId: "j3", upstream: ["j1", "j2"] },
  ]);
  expect(await incidents.downstream("j1")).toEqual([
    { jobId: "j2", name: "name of j2", teamId: "ledger" },
    { jobId: "j3", name: "name of j3", teamId: "ledger" },
  ]);
  expect(await downstream(stores, "j3")).toEqual([]);
  expect(await incidents.runOf("e of j2")).toEqual({
    jobId: "j2",
    instanceKey: "i1",
    parentExecutionId: null,
  });
  expect(await incidents.runOf("nobody")).toBeNull();
});

test("of datasets without end the newest stay; one that is met again comes back", async () => {
  const { stores, save } = await opened();
  const dated = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => `day ${from + n}`).join(",");
  await save("j1", "", dated(0, DB_LIMITS.datasetsPerJob), 1);
  await save("j2", "day 0", "", 1);
  await save("j3", dated(5_000, 1), "", 1);
  expect(await downstream(stores, "j1")).toEqual(["j2"]);
  await save("j1", "", dated(5_000, DB_LIMITS.datasetsPerJob - 1), 2);
  await save("j1", "", "one more", 3);
  expect(await downstream(stores, "j1")).toEqual(["j3"]);
  await save("j1", "", "day 0", 4);
  expect(await downstream(stores, "j1")).toContain("j2");
});

test("a job has at most so many neighbours", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const readers = Array.from({ length: LIMITS.upstreamJobs + 3 }, (_, n) =>
    unit({
      job: jobSave({ jobId: `k${n}`, name: `READER_${n}` }),
      datasets: [{ direction: "in", dataset: "a" }],
    }),
  );
  const writer = unit({ datasets: [{ direction: "out", dataset: "a" }] });
  await stores.units.save({ term, units: [writer, ...readers], mark: null });
  expect(await downstream(stores, "j1")).toHaveLength(LIMITS.upstreamJobs);
});

test("[SET-4] a job that becomes part of another one brings its alerts, datasets and incidents", async () => {
  const stores = await openTestStores();
  const { incidents, alerts, settings } = stores;
  const { term } = await stores.partitions.claim([3]);
  const save = (...units: Unit[]) => stores.units.save({ term, units, mark: null });
  const name = "GL_EXTRACT_V2";
  const other = jobIdOf("src", "", name);
  const ofOther = unit({
    job: jobSave({ jobId: other, name }),
    runs: [putRun("e9", { jobId: other, state: "failed" })],
    alerts: [holds("e9", 50, { jobId: other })],
    datasets: [{ direction: "in", dataset: "a" }],
  });
  const writer = unit({
    job: jobSave({ jobId: "j5", name: "WRITER" }),
    datasets: [{ direction: "out", dataset: "a" }],
  });
  const { alerts: [alert] = [], upstream } = await save(unit(), ofOther, writer);
  if (alert === undefined) throw new Error("nothing fires");
  const open = incident("n1", { members: [memberOf(alert)], memberCount: 1 });
  await incidents.commit([change(open)]);
  await settings.rename("j1", { namespace: "", name }, lead, 60);
  expect(upstream).toEqual([{ jobId: other, upstream: ["j5"] }]);
  expect(await incidents.upstream(["j1"])).toEqual([{ jobId: "j1", upstream: ["j5"] }]);
  expect(await alerts.get(idOf("e9"))).toMatchObject({ card: { jobId: "j1" }, version: 1 });
  const scope = { teamIds: "all", payload: true } as const;
  expect((await incidents.list(scope, { jobId: "j1" }, 9, null)).items).toEqual([open]);
  // What was on its way under the old id is the job's as well, and ends with it.
  const late = { ...ofOther, alerts: [holds("e9", 70, { jobId: other })] };
  expect((await save(late)).alerts).toMatchObject([{ card: { jobId: "j1" }, since: 70 }]);
  await settings.retire("j1", 100, lead, 100);
  expect(await alerts.get(idOf("e9"))).toMatchObject({ firing: false, ending: "retired" });
});
