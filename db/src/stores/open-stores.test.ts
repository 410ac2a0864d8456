import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { MIGRATIONS } from "../migrations/migrate.ts";
import { openStores, type OpenStores } from "./open-stores.ts";
import {
  acknowledge,
  answered,
  change,
  event,
  holds,
  idOf,
  incident,
  memberOf,
  notification,
} from "./test-incidents.ts";
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

test("every read of alerts, incidents, the outbox and receivers works on a connection that cannot write", async () => {
  const path = join(await tempDir(), "store.db");
  const stores = await openTestStores(path);
  const [alert] = await stores.alerts.report([holds("e1", 10)]);
  const one = incident("n1", { members: alert === undefined ? [] : [memberOf(alert)] });
  const command = acknowledge("c1", "n1");
  await stores.incidents.commit([
    change(one, {
      alerts: [{ alertId: idOf("e1"), handledVersion: 1, reason: null }],
      notifications: [notification("p1")],
      events: [event("v1")],
      command: answered(command, one),
    }),
  ]);
  await stores.receivers.secret("vapid", "sealed");
  const reader = await open(path, true);
  onTestFinished(() => reader.close());
  const { alerts, incidents, outbox, receivers } = reader.stores;
  const scope = { teamIds: ["ledger"], payload: true };
  expect(await Promise.all([alerts.unhandled(9), alerts.unexplained(9)])).toEqual([[], []]);
  expect(await alerts.get(idOf("e1"))).toMatchObject({ incidentId: "n1" });
  expect(await alerts.firingOf("n1", 9)).toHaveLength(1);
  expect(await incidents.open(9)).toEqual([one]);
  expect(await incidents.get("n1")).toEqual(one);
  expect((await incidents.list(scope, { jobId: "j1" }, 9, null)).items).toEqual([one]);
  expect(await incidents.events("n1")).toEqual([event("v1")]);
  expect(await incidents.before("j1", "n1", 9)).toEqual([]);
  expect(await incidents.answered(command)).toMatchObject({ outcome: "done" });
  expect(await incidents.runOf("e1")).toBeNull();
  expect(await incidents.upstream(["j1"])).toEqual([{ jobId: "j1", upstream: [] }]);
  expect(await incidents.downstream("j1")).toEqual([]);
  expect(await outbox.ofIncident("n1")).toEqual([notification("p1")]);
  expect((await outbox.list({}, 9, null)).items).toHaveLength(1);
  expect(await outbox.nextDueAt()).toBe(1_000);
  expect(await outbox.counts()).toMatchObject({ pending: 1, dead: 0 });
  expect(await receivers.subscriptions()).toEqual([]);
  expect(await receivers.webhooks()).toEqual([]);
  expect(await receivers.oncall()).toEqual([]);
  expect(await receivers.secret("vapid", "another")).toBe("sealed");
  await expect(outbox.lease("a", 9_000, 9_999, 9)).rejects.toMatchObject({
    code: "SQLITE_READONLY",
  });
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
