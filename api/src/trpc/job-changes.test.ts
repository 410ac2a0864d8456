import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  Board,
  jobIdOf,
  joinStoredSummaries,
  partitionOf,
  type Role,
  type Stores,
  type SystemHealth,
  type User,
} from "@batchwatch/engine";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { Feed } from "../live/feed.ts";
import { ForeignJobs } from "./foreign-jobs.ts";
import { makeApprovalServices } from "./approval-services.ts";
import { makeChangeServices } from "./make-change-services.ts";
import {
  type AlertingServices,
  type ApprovedServices,
  makeServices,
  type ServiceParts,
} from "./make-services.ts";
import type { SessionServices } from "./session-services.ts";
import { appRouter } from "./router.ts";
import { NO_TRAIL } from "./test-no-trail.ts";

const NOW = Date.UTC(2026, 0, 31, 12);
const [OWN, FOREIGN, NEW] = ["gl-extract", "wires", "gl-extract-v2"].map((name) =>
  jobIdOf("s", "core", name),
) as [string, string, string];

const PEOPLE: readonly (readonly [Role, ...string[]])[] = [
  ["team-lead", "ledger"],
  ["team-lead", "payments"],
  ["operations-manager"],
  ["administrator"],
  ["display"],
];

let stores: Stores;
let people: Map<string, User>;
let noticed: number;
beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-trpc-"));
  const opened = await openStores({
    path: join(dir, "store.db"),
    auditKey: Buffer.alloc(32, 7),
    joinSummaries: joinStoredSummaries,
  });
  stores = opened.stores;
  noticed = 0;
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
  await stores.identity.addUser("Somebody", "team-lead", ["Ledger", "Payments"], NOW);
  people = new Map();
  for (const [role, ...teams] of PEOPLE) {
    const key = [role, ...teams].join(" ");
    people.set(key, await stores.identity.addUser(`The ${key}`, role, teams, NOW));
  }
  await addJob("gl-extract", "ledger");
  await addJob("wires", "payments");
});

async function addJob(name: string, ownerTeamId: string): Promise<void> {
  const jobId = jobIdOf("s", "core", name);
  const partition = partitionOf(jobId);
  const { term } = await stores.partitions.claim([partition]);
  const seen = { firstSeenAt: NOW, lastSeenAt: NOW, state: "{}" };
  const job = { jobId, sourceId: "s", namespace: "core", name, ownerTeamId, ...seen };
  const unit = { partition, job, runs: [], transitions: [], notes: [] };
  await stores.units.save({ term, units: [unit], mark: null });
}

function as(role: Role, ...teamIds: string[]) {
  const user = people.get([role, ...teamIds].join(" ")) ?? expect.fail(`no ${role}`);
  const board = new Board("e");
  const now = () => NOW;
  const health = (): SystemHealth => ({ status: "UP", components: [] });
  const metrics = () => {
    throw new Error("not asked for");
  };
  const feed = new Feed({ board, now, health, metrics, updateIntervalMs: 1_000 });
  onTestFinished(() => feed.close());
  const changed = async () => {
    noticed += 1;
  };
  const services = makeServices({
    board,
    feed,
    readers: stores,
    approved: approvedServices(now, changed),
    alerting: {} as AlertingServices,
    foreign: new ForeignJobs({ board, teams: async () => [], onCallOf: () => null }),
    sessions: {} as SessionServices,
    privacy: {} as ServiceParts["privacy"],
    audit: {
      trail: NO_TRAIL,
    } as unknown as ServiceParts["audit"],
    vitals: { report: () => true },
    health,
    now,
    boardLimit: 10,
    me: () => {
      throw new Error("not asked for");
    },
  });
  return appRouter.createCaller({ user, services, ready: () => true });
}

/** In set-up mode, as a new store is: what is asked for is applied at once. */
function approvedServices(now: () => number, changed: () => Promise<void>): ApprovedServices {
  const known = {
    users: () => [...people.values()],
    userById: (userId: string) =>
      [...people.values()].find((user) => user.userId === userId) ?? null,
  };
  const { ask, services: approvals } = makeApprovalServices({
    approvals: stores.approvals,
    people: known,
    publicUrl: () => "http://localhost",
    changed,
    announce: () => {},
    now,
  });
  const changing = makeChangeServices({ stores, ask, now });
  return { approvals, changing } as ApprovedServices;
}

const command = (jobId = OWN) => ({ commandId: randomUUID(), jobId });
const NIGHTLY = { expression: "30 2 * * 1-5", zone: "Europe/Berlin" };

describe("what people set on a job", () => {
  it("is in the job's answer, with who changed what", async () => {
    const lead = as("team-lead", "ledger");
    const change = { tier: 1, schedule: NIGHTLY, clocks: { startGraceMs: 60_000 } } as const;
    const changed = await lead.jobs.configure({ ...command(), change });
    const at = new Date(NOW).toISOString();
    expect(changed).toMatchObject({
      jobId: OWN,
      settings: { tier: 1, schedule: { ...NIGHTLY, origin: "SET", since: at } },
    });
    expect(noticed).toBe(1);
    const job = await lead.jobs.get({ jobId: OWN });
    expect(job).toMatchObject({
      tier: 1,
      settings: changed.settings,
      cadence: null,
      proposal: null,
      // NOW is a Saturday; the next working night begins in winter time.
      nextExpectedAt: "2026-02-02T01:30:00.000Z",
    });
    expect(job.changes).toHaveLength(3);
    expect(job.changes).toContainEqual({
      at,
      by: "The team-lead ledger",
      field: "tier",
      before: null,
      after: "1",
    });
    expect((await as("display").jobs.get({ jobId: OWN })).changes).toEqual([]);
  });

  it("is changed once by one command, however often it is sent [SET-2]", async () => {
    const lead = as("team-lead", "ledger");
    const first = { ...command(), change: { tier: 3 } } as const;
    const answer = await lead.jobs.configure(first);
    await lead.jobs.configure({ ...command(), change: { tier: 1 } });
    expect(await lead.jobs.configure(first)).toEqual(answer);
    expect((await lead.jobs.get({ jobId: OWN })).tier).toBe(1);
    const reused = lead.jobs.retire({ ...first, from: null, change: undefined } as never);
    await expect(reused).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(
      lead.jobs.retire({ commandId: first.commandId, jobId: OWN }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("is a foreign team's alone: its jobs are not there for another lead [S61, SET-8]", async () => {
    const lead = as("team-lead", "ledger");
    const name = "other";
    for (const change of [
      lead.jobs.configure({ ...command(FOREIGN), change: { tier: 1 } }),
      lead.jobs.rename({ ...command(FOREIGN), name }),
      lead.jobs.retire(command(FOREIGN)),
    ]) {
      await expect(change).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await stores.settings.changes(FOREIGN, 10)).toEqual([]);
    expect(noticed).toBe(0);
  });

  it("takes in no foreign team's job by its name, nor by an earlier one [S61]", async () => {
    const lead = as("team-lead", "ledger");
    const takes = (name: string) => lead.jobs.rename({ ...command(), name });
    const refusal = { code: "CONFLICT", message: expect.stringContaining("is not free") };
    await expect(takes("wires")).rejects.toMatchObject(refusal);
    await as("administrator").jobs.rename({ ...command(FOREIGN), name: "wires-v2" });
    await expect(takes("wires")).rejects.toMatchObject(refusal);
    await expect(takes("wires-v2")).rejects.toMatchObject(refusal);
    expect((await as("team-lead", "payments").jobs.get({ jobId: FOREIGN })).name).toBe("wires-v2");
    expect((await takes("wires-v3")).name).toBe("wires-v3");
  });

  it("is refused with the field and what would be right [SET-8, SCHED-2]", async () => {
    const manager = as("operations-manager");
    const configure = (change: object) => manager.jobs.configure({ ...command(), change });
    for (const [change, message] of [
      [{ schedule: { ...NIGHTLY, expression: "every night" } }, "schedule.expression: "],
      [
        { schedule: { ...NIGHTLY, zone: "Mars/Base" } },
        'schedule.zone: "Mars/Base" is not a time zone',
      ],
      [{ schedule: { ...NIGHTLY, calendarId: "none" } }, "schedule.calendarId: there is no"],
      [{ runbookUrl: "javascript:alert(1)" }, "runbookUrl: give an address"],
    ] as const) {
      await expect(configure(change)).rejects.toMatchObject({
        code: "BAD_REQUEST",
        message: expect.stringContaining(message),
      });
    }
    await expect(manager.jobs.assign({ ...command(), teamId: "nobody" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    expect(await stores.settings.changes(OWN, 10)).toEqual([]);
  });

  it("follows the job to its new name, and the removed job's address leads to it", async () => {
    await addJob("gl-extract-v2", "ledger");
    const lead = as("team-lead", "ledger");
    await lead.jobs.configure({ ...command(), change: { tier: 1 } });
    const renamed = await lead.jobs.rename({ ...command(), name: " gl-extract-v2 " });
    expect(renamed).toMatchObject({ jobId: OWN, name: "gl-extract-v2", namespace: "core" });
    expect(await lead.jobs.get({ jobId: NEW })).toMatchObject({ jobId: OWN, tier: 1 });
    await expect(
      as("administrator").jobs.rename({ ...command(FOREIGN), name: "gl-extract" }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(lead.jobs.rename({ ...command(), name: "a\u0000b" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("retires, comes back, and changes hands [SET-6, SET-7]", async () => {
    const manager = as("operations-manager");
    expect((await manager.jobs.retire(command())).settings.lifecycle).toBe("RETIRED");
    const back = await manager.jobs.retire({ ...command(), from: null });
    expect(back.settings.lifecycle).toBe("WATCHING");
    const planned = { ...command(), from: "2027-01-01T00:00:00+01:00" };
    expect((await manager.jobs.retire(planned)).settings.lifecycle).toBe("WATCHING");
    expect(await stores.settings.nextRetirement()).toBe(Date.UTC(2026, 11, 31, 23));
    await manager.jobs.assign({ ...command(), teamId: "payments" });
    await expect(as("team-lead", "ledger").jobs.get({ jobId: OWN })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await as("team-lead", "payments").jobs.get({ jobId: OWN })).teamId).toBe("payments");
  });
});

describe("calendars", () => {
  it("are put, listed, and used by a schedule", async () => {
    const manager = as("operations-manager");
    const calendar = {
      calendarId: "target",
      name: "TARGET",
      zone: "UTC",
      workdays: [1, 2, 3, 4, 5],
      coversUntil: "2026-12-31",
      days: [{ day: "2026-04-03", kind: "FREE", label: "Good Friday" }],
    } as const;
    await manager.calendars.propose({
      commandId: randomUUID(),
      calendar: { ...calendar, workdays: [...calendar.workdays], days: [...calendar.days] },
    });
    expect(await manager.calendars.list()).toEqual([calendar]);
    expect(await as("display").calendars.get({ calendarId: "target" })).toEqual(calendar);
    await expect(manager.calendars.get({ calendarId: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const schedule = { ...NIGHTLY, calendarId: "target", freeDayRule: "NEXT" } as const;
    const changed = await manager.jobs.configure({ ...command(), change: { schedule } });
    expect(changed.settings.schedule).toMatchObject(schedule);
  });

  it("are refused with the field", async () => {
    const bad = { calendarId: "t", name: "T", zone: "UTC", workdays: [9], coversUntil: null };
    await expect(
      as("administrator").calendars.propose({
        commandId: randomUUID(),
        calendar: { ...bad, days: [] },
      }),
    ).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: expect.stringContaining("workdays: "),
    });
  });
});
