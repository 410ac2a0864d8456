import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  columnsOf,
  emptySummary,
  encodeSummary,
  joinFact,
  jobIdOf,
  joinStoredSummaries,
  partitionOf,
  type Observation,
  type RunSave,
  type Stores,
} from "@batchwatch/engine";
import { expect, onTestFinished, test } from "vitest";
import { jobView } from "./job-view.ts";

const DAY_MS = 86_400_000;
const JOB = { namespace: "core", name: "gl-extract" };
const jobId = jobIdOf("s", JOB.namespace, JOB.name);
/** A Monday. */
const FIRST = Date.UTC(2026, 0, 5, 2, 30);

function run(runKey: string, startedAt: number, nominalAt?: number): RunSave {
  const summary = emptySummary(`e-${runKey}`, jobId, runKey);
  const fact: Observation = {
    type: "observation",
    jobId,
    executionId: `e-${runKey}`,
    ...JOB,
    teamId: "ledger",
    runKey,
    kind: "started",
    occurredAt: startedAt,
    ...(nominalAt === undefined ? {} : { nominalAt }),
  };
  joinFact(summary, fact, fact.occurredAt);
  return { mode: "put", columns: columnsOf(summary), summary: encodeSummary(summary) };
}

async function storesWith(...runs: RunSave[]): Promise<Stores> {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-view-"));
  const opened = await openStores({
    path: join(dir, "store.db"),
    joinSummaries: joinStoredSummaries,
  });
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
  const { stores } = opened;
  const partition = partitionOf(jobId);
  const { term } = await stores.partitions.claim([partition]);
  const seen = { ownerTeamId: "ledger", firstSeenAt: 1, lastSeenAt: 1, state: "{}" };
  const unit = { partition, job: { jobId, sourceId: "s", ...JOB, ...seen }, runs };
  await stores.units.save({ term, units: [{ ...unit, transitions: [], notes: [] }], mark: null });
  return stores;
}

async function viewOf(stores: Stores, now: number) {
  const job = await stores.jobs.get(jobId);
  return job === null ? null : jobView(job, null, stores, now);
}

test("[SCHED-7, SCHED-8] a job without a schedule is answered with what its past suggests", async () => {
  const nights = Array.from({ length: 20 }, (_, day) => FIRST + day * DAY_MS);
  const runs = nights.map((at, day) => run(`night-${day}`, at + 40_000, at));
  // A second attempt is no second instance.
  const again = run("again", FIRST + 2 * 3_600_000, FIRST);
  const view = await viewOf(await storesWith(...runs, again), FIRST + 20 * DAY_MS);
  expect(view).toMatchObject({
    cadence: "DAILY",
    proposal: { expression: "30 2 * * *", zone: "UTC", fromNominal: true },
    nextExpectedAt: null,
  });
});

test("too little past suggests nothing", async () => {
  const view = await viewOf(await storesWith(run("1", FIRST), run("2", FIRST + DAY_MS)), FIRST);
  expect(view).toMatchObject({ cadence: null, proposal: null });
});

test("[CLOCK-10, SCHED-3] what is set decides when it is next expected, unless nothing is", async () => {
  const stores = await storesWith();
  const by = { userId: "u", name: "Shift lead" };
  const calendar = { calendarId: "c", name: "C", zone: "UTC", workdays: [1, 2, 3, 4, 5] };
  const days = [{ day: "2026-01-06", kind: "FREE", label: "" }] as const;
  await stores.calendars.put({ ...calendar, coversUntil: null, days }, by, 1);
  const schedule = { expression: "30 2 * * *", zone: "UTC", calendarId: "c" };
  const given = { cadence: "RARE", schedule: { ...schedule, freeDayRule: "SKIP" } } as const;
  await stores.settings.configure(jobId, given, by, 1);
  const expected = async () => (await viewOf(stores, FIRST))?.nextExpectedAt;
  expect(await viewOf(stores, FIRST)).toMatchObject({ cadence: "RARE", proposal: null });
  expect(await expected()).toBe("2026-01-07T02:30:00.000Z");
  await stores.settings.configure(jobId, { monitored: false }, by, 2);
  expect(await expected()).toBeNull();
  await stores.settings.configure(jobId, { monitored: true }, by, 3);
  await stores.settings.retire(jobId, 4, by, 5);
  expect(await expected()).toBeNull();
});
