import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { Migrator } from "kysely";
import { expect, test } from "vitest";
import { openSqlite } from "../dialects/sqlite.ts";
import { openStores } from "../stores/open-stores.ts";
import { holds } from "../stores/test-incidents.ts";
import { jobSave, openTestStores, putRun, tempDir, unit } from "../stores/test-store.ts";
import { MIGRATIONS } from "./migrate.ts";

/** A store as the program before incidents left it, with something in each table that people or facts fill. */
async function storeOf0010(path: string): Promise<void> {
  const db = openSqlite(path);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error, results } = await migrator.migrateTo("0010-blind-intervals");
  expect(error).toBeUndefined();
  expect(results).toHaveLength(10);
  await db.destroy();
  const file = new Sqlite(path);
  file.exec(`
    insert into store_meta values ('store_id', 's-old', null), ('identity_version', null, 7), ('settings_version', null, 3);
    insert into partition_owner values (3, 5, 42);
    insert into team values ('ledger', 'Ledger', 1);
    insert into app_user values ('u1', 'Operator 1', 'on-call', 1);
    insert into app_user_team values ('u1', 'ledger');
    insert into source values ('src', 'Core', 'native', 'PROD', 'UTC', '00:00', '[]', 'WATCHING', null, 'ledger', 'k', 1, 9);
    insert into job (job_id, source_id, name, environment, owner_team_id, lifecycle, free_day_rule, resume_from, first_seen_at, last_seen_at, settings_version, tier)
      values ('j1', 'src', 'GL_EXTRACT', 'PROD', 'ledger', 'WATCHING', 'RUN', 'BEGINNING', 1, 2, 3, 1);
    insert into job_alias (alias_id, job_id, source_id, name, valid_from) values ('j1', 'j1', 'src', 'GL_EXTRACT', 1);
    insert into job_state values ('j1', 3, 5, 'state of 0010');
    insert into job_run (execution_id, job_id, state, attempt, instance_key, trigger_kind, time_quality, last_fact_at, ordered_at, summary)
      values ('e1', 'j1', 'failed', 1, 'i1', 'SCHEDULED', 'EXACT', 2, 1, 's(e1)');
    insert into command_done values ('c1', 'u1', 'configure j1', 1, '{}');
  `);
  file.close();
}

test("a store of 0010 with data opens, keeps all of it, and takes alerts and incidents from then on", async () => {
  const path = join(await tempDir(), "store.db");
  await storeOf0010(path);
  await expect(
    openStores({ path, readonly: true, joinSummaries: () => expect.fail("nothing to join") }),
  ).rejects.toMatchObject({ code: "schema_older" });
  const stores = await openTestStores(path);
  expect(await stores.service.storeId()).toBe("s-old");
  expect(await stores.identity.version()).toBe(7);
  expect(await stores.identity.users()).toMatchObject([{ userId: "u1", teamIds: ["ledger"] }]);
  expect(await stores.sources.all()).toMatchObject([{ sourceId: "src", pagingMode: "WATCHING" }]);
  expect(await stores.settings.get("j1")).toMatchObject({ tier: 1, monitored: true });
  expect(await stores.partitions.marks()).toEqual([{ partition: 3, position: 42 }]);
  const known = { state: "state of 0010", position: 0 };
  expect(await stores.jobs.loadStates([3], null)).toMatchObject([known]);
  expect(await stores.partitions.savedTo()).toBe(42);
  expect(await stores.runs.get("e1")).toMatchObject({ summary: "s(e1)" });
  // Its first user was made long ago: no set-up mode begins with a new version.
  expect(await stores.approvals.setup()).toMatchObject({ storeCreatedAt: 1, endedAt: null });
  expect(await stores.alerts.unhandled(9)).toEqual([]);
  expect(await stores.incidents.open(9)).toEqual([]);
  expect(await stores.incidents.runOf("e1")).toMatchObject({ jobId: "j1", instanceKey: "i1" });
  const { term } = await stores.partitions.claim([3]);
  const failed = unit({
    job: jobSave(),
    runs: [putRun("e1", { state: "failed" })],
    alerts: [holds("e1", 50)],
    datasets: [{ direction: "out", dataset: "a" }],
  });
  const saved = await stores.units.save({ term, units: [failed], mark: null });
  expect(saved.alerts).toMatchObject([{ subject: "e1", firing: true }]);
});

test("who fetched a link before 0022 is known as who let that person in, at the root of a chain, unless an identity provider knows them", async () => {
  const path = join(await tempDir(), "store.db");
  const db = openSqlite(path);
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await new Migrator({ db, provider }).migrateTo("0020-privacy");
  expect(error).toBeUndefined();
  await db.destroy();
  const file = new Sqlite(path);
  const add = (id: string, collected: number | null, by = "u0") =>
    file.exec(`
      insert into app_user (user_id, name, role, created_at) values ('${id}', 'User ${id}', 'administrator', 1);
      insert into change_request (request_id, kind, subject_kind, subject_id, payload, standing, differences, hash, state, change_mode,
          requested_by, requested_at, expires_at, collected_at)
        values ('r${id}', 'user-add', 'user', '${id}', '{"teamNames":[]}', '{"fields":{},"context":{}}', '[]', 'h', 'APPLIED', 'two-people', '${by}', 1, 2, ${collected});
    `);
  add("fetched", 5);
  add("not-fetched", null);
  add("known", 5);
  add("by-fetched", 6, "fetched");
  add("by-known", 7, "known");
  file.exec(
    "insert into user_subject (issuer, subject, user_id, linked_at) values ('i', 's', 'known', 1)",
  );
  file.close();
  const stores = await openTestStores(path);
  const users = await stores.identity.users();
  expect(users.map(({ userId, letInBy }) => [userId, letInBy]).sort()).toEqual([
    ["by-fetched", "u0"],
    ["by-known", "known"],
    ["fetched", "u0"],
    ["known", undefined],
    ["not-fetched", undefined],
  ]);
  expect((await stores.approvals.get("rby-fetched"))?.requestedHands).toBe("u0");
  expect((await stores.approvals.get("rby-known"))?.requestedHands).toBe("known");
});
