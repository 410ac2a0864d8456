import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { jobSave, openTestStores, putRun, tempDir, unit } from "./test-store.ts";

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
