import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS } from "../migrations/migrate.ts";
import { openStores, type OpenStores } from "./open-stores.ts";
import { jobSave, openTestStores, tempDir, unit } from "./test-store.ts";

const joinSummaries = (): never => {
  throw new Error("nothing to join here");
};
const open = (path: string, readonly = false): Promise<OpenStores> =>
  openStores({ path, readonly, joinSummaries });

const TYPES = /^(bigint|integer|smallint|text|double precision|varchar\(\d+\))$/i;
const AVOIDED = /^(level|date|size|comment|number|mode|access|start|user)$/i;

test("opening twice migrates once and keeps the store's id", async () => {
  const path = join(await tempDir(), "store.db");
  const first = await open(path);
  const id = await first.stores.service.storeId();
  await first.close();
  const second = await open(path);
  expect(await second.stores.service.storeId()).toBe(id);
  await second.stores.service.ping();
  await second.close();
  const file = new Sqlite(path, { readonly: true });
  expect(file.prepare("select name from kysely_migration order by name").pluck().all()).toEqual(
    Object.keys(MIGRATIONS),
  );
  expect(file.pragma("auto_vacuum", { simple: true })).toBe(2);
  expect(file.pragma("journal_mode", { simple: true })).toBe("wal");
  file.close();
});

test("a database of a newer program is refused, for writing and for reading", async () => {
  const path = join(await tempDir(), "store.db");
  await (await open(path)).close();
  const file = new Sqlite(path);
  file.prepare("insert into kysely_migration (name, timestamp) values ('9999-later', 'x')").run();
  file.close();
  for (const readonly of [false, true]) {
    await expect(open(path, readonly)).rejects.toMatchObject({
      code: "schema_newer",
      message: expect.stringContaining("9999-later"),
    });
  }
});

test("a read-only store sees what is saved, cannot write, and needs a migrated file", async () => {
  const dir = await tempDir();
  const path = join(dir, "store.db");
  const stores = await openTestStores(path);
  const reader = await open(path, true);
  const { term } = await stores.partitions.claim([3]);
  await stores.units.save({ term, units: [unit({ job: jobSave() })], mark: null });
  expect(await reader.stores.jobs.get("j1")).not.toBeNull();
  expect(await reader.stores.runs.get("none")).toBeNull();
  await expect(reader.stores.partitions.claim([3])).rejects.toMatchObject({
    code: "SQLITE_READONLY",
  });
  await reader.close();
  new Sqlite(join(dir, "empty.db")).exec("create table t (a)").close();
  await expect(open(join(dir, "empty.db"), true)).rejects.toMatchObject({ code: "schema_older" });
});

test("the schema keeps to portable types and names", async () => {
  const path = join(await tempDir(), "store.db");
  await (await open(path)).close();
  const file = new Sqlite(path, { readonly: true });
  const names = file
    .prepare<[], string>(
      "select name from sqlite_master where name not like '%kysely%' and name not like 'sqlite%'",
    )
    .pluck()
    .all();
  const columns = file
    .prepare<[], { name: string; type: string }>(
      "select c.name, c.type from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like '%kysely%' and t.name not like 'sqlite%'",
    )
    .all();
  file.close();
  expect(columns.length).toBeGreaterThan(100);
  for (const { name, type } of columns)
    expect(`${name} ${type}`).toMatch(new RegExp(`^${name} ${TYPES.source.slice(1)}`, "i"));
  for (const name of [...names, ...columns.map((column) => column.name)]) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(30);
    expect(name).not.toMatch(AVOIDED);
  }
});
