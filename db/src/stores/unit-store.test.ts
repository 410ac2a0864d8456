import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { openConnection } from "../dialects/sqlite-connection.ts";
import { StatementCache } from "../dialects/statement-cache.ts";
import type { Database } from "../schema/database.ts";
import { jobSave, openTestStores, putRun, tempDir, unit } from "./test-store.ts";
import { unitStore } from "./unit-store.ts";

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

test("only a piece that lets go of the journal waits for the disk [UNIT-4]", async () => {
  const path = join(await tempDir(), "store.db");
  const { term } = await (await openTestStores(path)).partitions.claim([3]);
  const said: string[] = [];
  class Listened extends StatementCache {
    override prepare(text: string): ReturnType<StatementCache["prepare"]> {
      if (/^(pragma|begin|commit)/.test(text)) said.push(text);
      return super.prepare(text);
    }
  }
  const database = new Listened(openConnection(path));
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database }) });
  onTestFinished(() => db.destroy());
  const units = unitStore(db, () => {
    throw new Error("Nothing is to be joined.");
  });
  await units.save({ term, units: [unit()], mark: null });
  expect(said.splice(0)).toEqual([
    "pragma synchronous = normal",
    "begin",
    "commit",
    "pragma synchronous = full",
  ]);
  await units.save({ term, units: [unit()], mark: { partitions: [3], position: 7 } });
  expect(said).toEqual(["begin", "commit"]);
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
