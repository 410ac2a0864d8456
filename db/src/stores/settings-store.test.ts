import { join } from "node:path";
import type { ChangeAuthor, Stores } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { jobSave, openTestStores, tempDir, unit } from "./test-store.ts";

const lead: ChangeAuthor = { userId: "u1", name: "Shift lead" };
const weekdays = { expression: "30 2 * * 1-5", zone: "Europe/Berlin" };

async function storesWithJobs(jobIds: readonly string[], path?: string): Promise<Stores> {
  const stores = await openTestStores(path);
  const { term } = await stores.partitions.claim([3]);
  const units = jobIds.map((jobId) => unit({ job: jobSave({ jobId, name: `name of ${jobId}` }) }));
  await stores.units.save({ term, units, mark: null });
  return stores;
}

async function allSince(stores: Stores, from: number) {
  const found = [];
  let version = from;
  for (;;) {
    const page = await stores.settings.changedSince(version);
    version = page.version;
    if (page.settings.length === 0) return { found, version };
    found.push(...page.settings);
  }
}

test("a job that nobody configured has the defaults and is not among the changed ones", async () => {
  const stores = await storesWithJobs(["j1"]);
  expect(await stores.settings.get("j1")).toEqual({
    jobId: "j1",
    name: "name of j1",
    namespace: "",
    ownerTeamId: null,
    tier: null,
    firstStep: null,
    runbookUrl: null,
    lifecycle: "WATCHING",
    monitored: true,
    cadence: null,
    schedule: null,
    clocks: { startGraceMs: null, runBudgetMs: null, minimumDurationMs: null, heartbeatMs: null },
  });
  expect(await stores.settings.get("unknown")).toBeNull();
  expect((await stores.settings.changedSince(0)).settings).toEqual([]);
});

test("what is configured reads back, and absent fields stay", async () => {
  const { settings } = await storesWithJobs(["j1"]);
  await settings.configure(
    "j1",
    { tier: 1, cadence: "DAILY", clocks: { startGraceMs: 60_000 }, schedule: weekdays },
    lead,
    100,
  );
  await settings.configure("j1", { monitored: false, clocks: { heartbeatMs: 5_000 } }, lead, 200);
  const expected = {
    tier: 1,
    cadence: "DAILY",
    monitored: false,
    schedule: { ...weekdays, calendarId: null, freeDayRule: "RUN", origin: "SET", since: 100 },
    clocks: { startGraceMs: 60_000, runBudgetMs: null, heartbeatMs: 5_000 },
  };
  expect(await settings.get("j1")).toMatchObject(expected);
  const undone = { tier: null, schedule: null, clocks: { startGraceMs: null } };
  expect(await settings.configure("j1", undone, lead, 300)).toMatchObject({
    ...expected,
    ...undone,
  });
});

test("[SCHED-6] what moves the occurrences begins anew; another calendar for the same times does not", async () => {
  const { settings, calendars } = await storesWithJobs(["j1"]);
  await calendars.put(
    { calendarId: "target", name: "T", zone: "UTC", workdays: [1], coversUntil: null, days: [] },
    lead,
    1,
  );
  const given = async (schedule: object, now: number) =>
    (await settings.configure("j1", { schedule: { ...weekdays, ...schedule } }, lead, now)).schedule
      ?.since;
  expect(await given({}, 100)).toBe(100);
  expect(await given({ calendarId: "target", freeDayRule: "SKIP" }, 200)).toBe(100);
  expect(await given({ zone: "UTC", calendarId: "target", freeDayRule: "SKIP" }, 300)).toBe(300);
  await expect(given({ calendarId: "nowhere" }, 400)).rejects.toMatchObject({
    code: "unknown_calendar",
  });
  expect((await settings.get("j1"))?.schedule).toMatchObject({ zone: "UTC", since: 300 });
});

test("[SET-1] every change is recorded with its author; a change of nothing leaves no trace", async () => {
  const { settings } = await storesWithJobs(["j1"]);
  await settings.configure("j1", { tier: 2, businessName: "Ledger" }, lead, 100);
  await settings.configure("j1", { tier: 1, clocks: { runBudgetMs: 9_000 } }, lead, 200);
  const version = await settings.version();
  await settings.configure("j1", { tier: 1, businessName: "Ledger" }, lead, 300);
  expect(await settings.version()).toBe(version);
  expect(await settings.changes("j1", 20)).toMatchObject([
    { at: 200, field: "clocks.runBudgetMs", before: null, after: "9000", userId: "u1" },
    { at: 200, field: "tier", before: "2", after: "1", userName: "Shift lead" },
    { at: 100, field: "businessName", before: null, after: "Ledger" },
    { at: 100, field: "tier", before: null, after: "2" },
  ]);
  expect(await settings.changes("j1", 1)).toHaveLength(1);
});

test("[SET-2] a repeated command is answered the same and changes nothing; its id is for one command only", async () => {
  const { settings } = await storesWithJobs(["j1", "j2"]);
  const by = { ...lead, commandId: "c1" };
  const first = await settings.configure("j1", { tier: 3 }, by, 100);
  await settings.configure("j1", { tier: 1 }, lead, 200);
  expect(await settings.configure("j1", { tier: 3 }, by, 300)).toEqual(first);
  expect(await settings.get("j1")).toMatchObject({ tier: 1 });
  for (const reuse of [
    settings.configure("j2", { tier: 3 }, by, 400),
    settings.retire("j1", 1, by, 400),
    settings.configure("j1", { tier: 3 }, { ...by, userId: "u2" }, 400),
  ]) {
    await expect(reuse).rejects.toMatchObject({ code: "command_reused" });
  }
  const later = 100 + DB_LIMITS.commandKeptMs + 1;
  await settings.configure("j1", { tier: 2 }, { ...lead, commandId: "c2" }, later);
  expect(await settings.configure("j1", { tier: 3 }, by, later)).toMatchObject({ tier: 3 });
});

test("changed settings come in pages, in the order of their change, each job once", async () => {
  const ids = Array.from({ length: DB_LIMITS.settingsPage + 5 }, (_, index) => `j${index}`);
  const path = join(await tempDir(), "store.db");
  const stores = await storesWithJobs(ids, path);
  // What as many transactions would leave, in one: each change has the next version.
  const file = new Sqlite(path);
  const change = file.prepare("update job set tier = 1, settings_version = ? where job_id = ?");
  file.transaction(() => {
    for (const [index, id] of ids.entries()) change.run(index + 2, id);
    file
      .prepare("update store_meta set int_value = ? where meta_key = 'settings_version'")
      .run(ids.length + 1);
  })();
  file.close();
  await stores.settings.configure("j0", { tier: 2 }, lead, 2);
  const { found, version } = await allSince(stores, 0);
  expect(found.map((one) => one.jobId)).toEqual([...ids.slice(1), "j0"]);
  expect(version).toBe(await stores.settings.version());
  await stores.settings.configure("j3", { monitored: false }, lead, 3);
  expect((await allSince(stores, version)).found.map((one) => one.jobId)).toEqual(["j3"]);
});

test("[SET-6] a job retires at once or on its date, and comes back as it was", async () => {
  const { settings } = await storesWithJobs(["j1"]);
  expect(await settings.retire("j1", 500, lead, 100)).toMatchObject({ lifecycle: "WATCHING" });
  expect(await settings.nextRetirement()).toBe(500);
  await settings.retireDue(499);
  expect(await settings.get("j1")).toMatchObject({ lifecycle: "WATCHING" });
  const before = await settings.version();
  await settings.retireDue(500);
  expect((await settings.changedSince(before)).settings).toMatchObject([{ lifecycle: "RETIRED" }]);
  expect(await settings.nextRetirement()).toBeNull();
  expect(await settings.retire("j1", null, lead, 600)).toMatchObject({ lifecycle: "WATCHING" });
  expect(await settings.retire("j1", 650, lead, 700)).toMatchObject({ lifecycle: "RETIRED" });
  expect((await settings.changes("j1", 3)).map((one) => one.field)).toContain("lifecycle");
});

test("[SET-7] an assigned owner stays whatever facts say, until it is handed back", async () => {
  const stores = await storesWithJobs(["j1"]);
  await stores.identity.addUser("Operator", "team-lead", ["Payments"], 1);
  expect(await stores.settings.assign("j1", "payments", lead, 5)).toMatchObject({
    ownerTeamId: "payments",
  });
  await expect(stores.settings.assign("j1", "nobody", lead, 6)).rejects.toMatchObject({
    code: "unknown_team",
  });
  const { term } = await stores.partitions.claim([3]);
  const byFacts = unit({ job: jobSave({ jobId: "j1", ownerTeamId: "ledger" }) });
  await stores.units.save({ term, units: [byFacts], mark: null });
  expect(await stores.jobs.get("j1")).toMatchObject({ ownerTeamId: "payments", ownedSince: 5 });
  await stores.settings.assign("j1", null, lead, 7);
  await stores.units.save({ term, units: [byFacts], mark: null });
  expect(await stores.jobs.get("j1")).toMatchObject({ ownerTeamId: "ledger", ownedSince: null });
});

test("no change is made of a job that is not there", async () => {
  const { settings } = await openTestStores();
  for (const change of [
    settings.configure("x", { tier: 1 }, lead, 1),
    settings.rename("x", { namespace: "", name: "n" }, lead, 1),
    settings.retire("x", 1, lead, 1),
    settings.assign("x", null, lead, 1),
  ]) {
    await expect(change).rejects.toMatchObject({ code: "not_found" });
  }
});
