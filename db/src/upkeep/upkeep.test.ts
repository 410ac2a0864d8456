import { LIMITS, type RetainedKind, SERVICE_TEAM_ID, type Stores } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { BY, jobSave, openTestStores, putRun, transition, unit } from "../stores/test-store.ts";
import {
  after,
  change,
  event,
  ended,
  holds,
  idOf,
  incident,
  memberOf,
  notification,
} from "../stores/test-incidents.ts";
import { Upkeep } from "./upkeep.ts";

const DAY_MS = 86_400_000;
const NOW = 10_000 * DAY_MS;
const DAYS = { audit: 2_557, incidents: 2_557, notifications: 400, runs: 90 } as const;
const ago = (days: number): number => NOW - days * DAY_MS;

/** Passes on this store at a time that the test sets; what ran between two pieces is counted. */
function upkeepOf(stores: Stores, days: Partial<Record<RetainedKind, number>> = {}, now = NOW) {
  let pauses = 0;
  const upkeep = new Upkeep({
    stores,
    days: { ...DAYS, ...days },
    now: () => now,
    pause: async () => {
      pauses += 1;
      // Others are served between two pieces.
      await stores.service.ping();
    },
  });
  const pass = async () => {
    // The clock has run on for a day, whatever the time is.
    for (const hours of [50, 25]) await stores.upkeep.trustsClock(now - hours * 3_600_000);
    return upkeep.pass();
  };
  return { pass, stop: () => upkeep.stop(), pauses: () => pauses };
}

const jobsRun = (executionId: string, endedDaysAgo: number | null, orderedDaysAgo: number) =>
  putRun(executionId, {
    state: endedDaysAgo === null ? "running" : "succeeded",
    orderedAt: ago(orderedDaysAgo),
    startedAt: ago(orderedDaysAgo),
    endedAt: endedDaysAgo === null ? null : ago(endedDaysAgo),
    lastFactAt: ago(orderedDaysAgo),
  });

describe("runs", () => {
  test("go after their time with their transitions; a job's newest and the open ones stay", async () => {
    const stores = await openTestStores();
    const { term } = await stores.partitions.claim([3]);
    const old = Array.from({ length: 10 }, (_, n) => jobsRun(`old-${n}`, 200 - n, 200 - n));
    const kept = Array.from({ length: LIMITS.digestsPerJob }, (_, n) =>
      jobsRun(`kept-${n}`, 150 - n, 150 - n),
    );
    const open = jobsRun("open", null, 300);
    const runs = [...old, ...kept, open];
    const transitions = runs.map(({ columns }) =>
      transition(`f-${columns.executionId}`, { executionId: columns.executionId }),
    );
    await stores.units.save({
      term,
      units: [unit({ job: jobSave(), runs, transitions })],
      mark: null,
    });
    expect(await upkeepOf(stores).pass()).toMatchObject({ runs: 10 });
    expect(await stores.runs.get("old-3")).toBeNull();
    expect(await stores.runs.get("kept-0")).toMatchObject({ transitions: [{}] });
    expect(await stores.runs.get("open")).not.toBeNull();
    const [newest] = await stores.jobs.newestRuns(["j1"]);
    expect(newest?.runs).toHaveLength(LIMITS.digestsPerJob);
    expect(await upkeepOf(stores).pass()).toMatchObject({ runs: 0 });
  });

  test("of many only so many are looked at in a piece, and others are served in between", async () => {
    const stores = await openTestStores();
    const { term } = await stores.partitions.claim([3]);
    const runs = Array.from({ length: 1_700 }, (_, n) => jobsRun(`e${n}`, 300, 2_000 - n));
    for (let from = 0; from < runs.length; from += 400) {
      const part = runs.slice(from, from + 400);
      await stores.units.save({ term, units: [unit({ runs: part })], mark: null });
    }
    const { pass, pauses } = upkeepOf(stores);
    expect(await pass()).toMatchObject({ runs: 1_700 - LIMITS.digestsPerJob });
    expect(pauses()).toBe(3);
  });
});

/** An incident with its alert, page and timeline, resolved unless it is open. */
async function addIncident(
  stores: Stores,
  id: string,
  {
    opened,
    updated,
    open = false,
    teamId = "ledger",
  }: { opened: number; updated: number; open?: boolean; teamId?: string },
): Promise<void> {
  const [alert] = await stores.alerts.report([holds(id, ago(opened), { teamId })]);
  if (alert === undefined) throw new Error("no alert");
  const first = incident(id, {
    openedAt: ago(opened),
    updatedAt: ago(opened),
    teamId,
    members: [memberOf(alert)],
  });
  const handled = { alertId: idOf(id), handledVersion: alert.version, reason: null };
  const page = notification(`page-${id}`, {
    incidentId: id,
    createdAt: ago(opened),
    state: "SENT",
    sentAt: ago(opened),
    nextAttemptAt: null,
    leaseOwner: null,
    leaseUntil: null,
  });
  const line = event(`line-${id}`, { incidentId: id, at: ago(opened) });
  const made = change(first, { alerts: [handled], notifications: [page], events: [line] });
  expect(await stores.incidents.commit([made])).toEqual(["done"]);
  if (open) return;
  const [over] = await stores.alerts.report([ended(id, ago(updated))]);
  const end = { alertId: idOf(id), handledVersion: over?.version ?? 0, reason: null };
  const resolved = after(first, {
    state: "RESOLVED",
    updatedAt: ago(updated),
    resolvedAt: ago(updated),
  });
  await stores.incidents.commit([change(resolved, { alerts: [end] })]);
}

describe("incidents", () => {
  test("go with members, timeline and alerts once they are over for long enough", async () => {
    const stores = await openTestStores();
    await addIncident(stores, "old", { opened: 3_000, updated: 2_999 });
    await addIncident(stores, "lately-commented", { opened: 3_000, updated: 10 });
    await addIncident(stores, "still-open", { opened: 3_000, updated: 3_000, open: true });
    await addIncident(stores, "new", { opened: 100, updated: 99 });
    expect(await upkeepOf(stores).pass()).toMatchObject({ incidents: 1 });
    expect(await stores.incidents.get("old")).toBeNull();
    expect(await stores.incidents.events("old")).toEqual([]);
    expect(await stores.alerts.get(idOf("old"))).toBeNull();
    for (const id of ["lately-commented", "still-open", "new"]) {
      expect(await stores.incidents.get(id)).not.toBeNull();
      expect(await stores.alerts.get(idOf(id))).not.toBeNull();
    }
    expect(await stores.alerts.unexplained(9)).toEqual([]);
  });

  test("what people set goes before the host's setting, in both directions", async () => {
    const stores = await openTestStores();
    await addIncident(stores, "a", { opened: 450, updated: 440 });
    const set = async (days: number) =>
      upkeepOf({
        ...stores,
        approvals: { ...stores.approvals, retention: async () => ({ incidents: days }) },
      }).pass();
    expect(await set(441)).toMatchObject({ incidents: 0 });
    expect(await set(439)).toMatchObject({ incidents: 1 });
  });

  test("stay for a year, and the trail with them, whatever a version before this let people or the host set [AUD-6]", async () => {
    const stores = await openTestStores();
    await addIncident(stores, "old", { opened: 380, updated: 370 });
    await addIncident(stores, "a", { opened: 350, updated: 340 });
    const set = { ...stores.approvals, retention: async () => ({ incidents: 1 }) };
    const first = await upkeepOf({ ...stores, approvals: set }, { audit: 1 }).pass();
    expect(first).toMatchObject({ incidents: 1, audit: 0 });
    const act = { at: ago(364), actorKind: "user", actorId: BY.userId, action: "sign-in" } as const;
    const of = { subjectKind: null, subjectId: null, teamId: null, detail: {} };
    await stores.audit.append([
      { ...act, ...of, at: ago(366) },
      { ...act, ...of },
    ]);
    await upkeepOf(stores, { audit: 1 }).pass();
    expect((await stores.audit.ends()).anchor).toMatchObject({ seq: 1 });
    const [, pruned] = await stores.audit.from(2);
    expect(pruned?.detail).toMatchObject({ days: LIMITS.retentionLeastDays });
  });

  test("the canary's go after a week with what nobody was told, whatever is set", async () => {
    const stores = await openTestStores();
    await addIncident(stores, "canary-old", { opened: 8, updated: 8, teamId: SERVICE_TEAM_ID });
    await addIncident(stores, "canary-new", { opened: 6, updated: 6, teamId: SERVICE_TEAM_ID });
    await addIncident(stores, "ours", { opened: 8, updated: 8 });
    expect(await upkeepOf(stores).pass()).toMatchObject({ own: 1, incidents: 0 });
    expect(await stores.incidents.get("canary-old")).toBeNull();
    expect(await stores.outbox.ofIncident("canary-old")).toEqual([]);
    expect(await stores.outbox.ofIncident("canary-new")).toHaveLength(1);
    expect(await stores.outbox.ofIncident("ours")).toHaveLength(1);
  });
});

test("notifications go when nobody will send them any more", async () => {
  const stores = await openTestStores();
  const free = { nextAttemptAt: null, leaseOwner: null, leaseUntil: null } as const;
  for (const [id, days, state] of [
    ["sent", 401, "SENT"],
    ["dead", 401, "DEAD"],
    ["cancelled", 401, "CANCELLED"],
    ["pending", 401, "PENDING"],
    ["lately", 399, "SENT"],
  ] as const) {
    const row = notification(id, { createdAt: ago(days), state, ...free });
    await stores.outbox.add(state === "PENDING" ? { ...row, nextAttemptAt: NOW } : row);
  }
  expect(await upkeepOf(stores).pass()).toMatchObject({ notifications: 3 });
  const left = await stores.outbox.list({}, 9, null);
  expect(left.items.map(({ notificationId }) => notificationId).sort()).toEqual([
    "lately",
    "pending",
  ]);
});

describe("a pass", () => {
  const acts = (count: number, days: number) =>
    Array.from({ length: count }, () => ({
      at: ago(days),
      actorKind: "user" as const,
      actorId: BY.userId,
      action: "sign-in" as const,
      subjectKind: null,
      subjectId: null,
      teamId: null,
      detail: {},
    }));

  test("keeps the trail seven years and goes on from an anchor", async () => {
    const stores = await openTestStores();
    await stores.audit.append([...acts(3, 2_600), ...acts(2, 2_500)]);
    expect(await upkeepOf(stores).pass()).toMatchObject({ audit: 3 });
    expect(await stores.audit.ends()).toMatchObject({ anchor: { seq: 3 }, appended: 6 });
    const [, , pruned] = await stores.audit.from(4);
    expect(pruned).toMatchObject({
      action: "audit-pruned",
      detail: { days: 2_557, setBy: "host" },
    });
  });

  test("a kind that fails keeps the others from nothing, and is said", async () => {
    const stores = await openTestStores();
    await stores.outbox.add(
      notification("sent", {
        createdAt: ago(500),
        state: "SENT",
        nextAttemptAt: null,
        leaseOwner: null,
        leaseUntil: null,
      }),
    );
    const upkeep: Stores["upkeep"] = {
      ...stores.upkeep,
      prune: (what, step) =>
        what === "audit" ? Promise.reject(new Error("broken")) : stores.upkeep.prune(what, step),
    };
    await expect(upkeepOf({ ...stores, upkeep }).pass()).rejects.toThrow("broken");
    expect((await stores.outbox.list({}, 9, null)).items).toEqual([]);
  });

  test("nothing is removed while it is not known what people set", async () => {
    const stores = await openTestStores();
    await stores.audit.append(acts(3, 3_000));
    const away = { ...stores.approvals, retention: () => Promise.reject(new Error("away")) };
    await expect(upkeepOf({ ...stores, approvals: away }).pass()).rejects.toThrow("away");
    expect(await stores.audit.from(1)).toHaveLength(3);
  });

  test("ends with the piece that is under way when it is told to", async () => {
    const stores = await openTestStores();
    const upkeep = upkeepOf(stores);
    await stores.audit.append(acts(3, 3_000));
    upkeep.stop();
    expect(await upkeep.pass()).toEqual({
      erased: 0,
      own: 0,
      audit: 0,
      incidents: 0,
      notifications: 0,
      runs: 0,
      held: false,
    });
  });

  test("takes what a run is planned for as no sign of the time it is [AUD-6]", async () => {
    const stores = await openTestStores();
    const { term } = await stores.partitions.claim([3]);
    const planned = putRun("planned", {
      state: "scheduled",
      orderedAt: ago(-3_600),
      lastFactAt: ago(1),
    });
    const runs = [jobsRun("lately", 1, 2), planned];
    await stores.units.save({ term, units: [unit({ job: jobSave(), runs })], mark: null });
    expect(await stores.upkeep.trustsClock(NOW)).toBe(true);
    // Three years off, and still behind what is planned.
    expect(await stores.upkeep.trustsClock(ago(-1_000))).toBe(false);
    expect(await stores.upkeep.trustsClock(ago(-3_600))).toBe(false);
    expect(await stores.upkeep.trustsClock(NOW)).toBe(true);
  });

  test("removes nothing while the clock is far ahead of all that is known, goes on after a day, and notices one that was put right", async () => {
    const stores = await openTestStores();
    await stores.audit.append(acts(3, 10));
    let time = NOW;
    const upkeep = new Upkeep({
      stores,
      days: DAYS,
      now: () => time,
      pause: () => Promise.resolve(),
    });
    expect(await upkeep.pass()).toMatchObject({ held: false, audit: 0 });
    const HOUR_MS = 3_600_000;
    time += 3_650 * DAY_MS;
    for (let hour = 0; hour < 23; hour += 1) {
      expect(await upkeep.pass()).toMatchObject({ held: true, audit: 0 });
      time += HOUR_MS;
    }
    expect(await stores.audit.from(1)).toHaveLength(3);
    // It was put right: nothing is held, and nothing is old.
    time = NOW + DAY_MS;
    expect(await upkeep.pass()).toMatchObject({ held: false, audit: 0 });
    // Ten years without a look, and a day that nothing contradicts: they were ten years.
    time += 3_650 * DAY_MS;
    expect(await upkeep.pass()).toMatchObject({ held: true });
    time += DAY_MS;
    expect(await upkeep.pass()).toMatchObject({ held: false, audit: 2 });
  });
});
