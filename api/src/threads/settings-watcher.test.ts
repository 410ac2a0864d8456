import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  jobIdOf,
  joinStoredSummaries,
  partitionOf,
  type ChangeAuthor,
  type Stores,
} from "@batchwatch/engine";
import { expect, onTestFinished, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import type { ShardNews } from "./reload-jobs.ts";
import { SettingsWatcher } from "./settings-watcher.ts";

const by: ChangeAuthor = { userId: "u1", name: "Shift lead" };
const OLD = { namespace: "core", name: "GL_EXTRACT" };
const NEW = { namespace: "core", name: "GL_EXTRACT_V2" };
const idOf = (job: { namespace: string; name: string }) => jobIdOf("s", job.namespace, job.name);

async function setUp(now: () => number = () => 1_000) {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-watch-"));
  const opened = await openStores({
    path: join(dir, "store.db"),
    joinSummaries: joinStoredSummaries,
  });
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
  const told: ShardNews[] = [];
  const watcher = new SettingsWatcher({
    stores: opened.stores,
    tell: (message) => told.push(message),
    now,
    onError: (error) => {
      throw error;
    },
  });
  await addJob(opened.stores, OLD);
  await addJob(opened.stores, NEW);
  await watcher.refresh();
  told.length = 0;
  return { stores: opened.stores, watcher, told };
}

async function addJob(stores: Stores, job: { namespace: string; name: string }): Promise<void> {
  const partition = partitionOf(idOf(job));
  const { term } = await stores.partitions.claim([partition]);
  const face = { jobId: idOf(job), sourceId: "s", ...job, ownerTeamId: "ledger" };
  const saved = { ...face, firstSeenAt: 1, lastSeenAt: 1, state: "{}" };
  const unit = { partition, job: saved, runs: [], transitions: [], notes: [] };
  await stores.units.save({ term, units: [unit], mark: null });
}

function allTold(watcher: SettingsWatcher): ShardNews[] {
  const told: ShardNews[] = [];
  watcher.tellAll((message) => told.push(message));
  return told;
}

test("[SET-3] a change reaches the shards once, and a shard that starts later with everything", async () => {
  const { stores, watcher, told } = await setUp();
  const settings = await stores.settings.configure(idOf(OLD), { tier: 1 }, by, 5);
  await watcher.refresh();
  await watcher.refresh();
  expect(told).toEqual([{ type: "configure", settings: [settings] }]);
  expect(allTold(watcher)).toEqual([
    { type: "calendars", calendars: [] },
    { type: "configure", settings: [settings] },
  ]);
});

test("calendars are told whole, and only when one moved", async () => {
  const { stores, watcher, told } = await setUp();
  const calendar = { calendarId: "t", name: "T", zone: "UTC", workdays: [], coversUntil: null };
  await stores.calendars.put({ ...calendar, days: [] }, by, 5);
  await watcher.refresh();
  const message = { type: "calendars", calendars: [{ ...calendar, days: [] }] };
  expect(told).toEqual([message]);
  await stores.settings.configure(idOf(OLD), { tier: 1 }, by, 5);
  await watcher.refresh();
  expect(told.map((one) => one.type)).toEqual(["calendars", "configure"]);
  expect(allTold(watcher)[0]).toEqual(message);
});

test("a rename has both jobs rebuilt, at once and for a while at every start", async () => {
  let now = 5_000;
  const { stores, watcher, told } = await setUp(() => now);
  await stores.settings.rename(idOf(OLD), NEW, by, now);
  await watcher.refresh();
  const reload = { type: "renamed", jobIds: [idOf(NEW), idOf(OLD)] };
  expect(told).toMatchObject([{ type: "configure", settings: [{ name: NEW.name }] }, reload]);
  expect(allTold(watcher).at(-1)).toEqual(reload);
  now += API_LIMITS.renameReloadMs + 1;
  expect(allTold(watcher).map((one) => one.type)).toEqual(["calendars", "configure"]);
});

test("[SET-6] a planned retirement is carried out when its time has come", async () => {
  let now = 5_000;
  const { stores, watcher, told } = await setUp(() => now);
  await stores.settings.retire(idOf(OLD), 6_000, by, now);
  await watcher.refresh();
  now = 6_000;
  await watcher.refresh();
  expect(told.at(-1)).toMatchObject({ settings: [{ lifecycle: "RETIRED" }] });
  expect(told).toHaveLength(2);
});

test("[SET-6] a clock that leaps past the date retires nobody, before and after it is put right", async () => {
  const DAY = 86_400_000;
  const planned = 30 * DAY;
  let now = DAY;
  const { stores, watcher, told } = await setUp(() => now);
  expect(await stores.upkeep.trustsClock(now)).toBe(true);
  await stores.settings.retire(idOf(OLD), planned, by, now);
  await watcher.refresh();
  now += 730 * DAY;
  await watcher.refresh();
  now += 2 * API_LIMITS.clockDoubtMs;
  await watcher.refresh();
  now = 2 * DAY;
  await watcher.refresh();
  expect(told).toMatchObject([{ settings: [{ lifecycle: "WATCHING" }] }]);
  // Upkeep looks at the clock on each of these days.
  for (now += DAY; now < planned; now += DAY) await stores.upkeep.trustsClock(now);
  await watcher.refresh();
  expect(told.at(-1)).toMatchObject({ settings: [{ lifecycle: "RETIRED" }] });
});

test("[SET-6] where the machine was off for long, the date waits until the clock has run on for a day", async () => {
  const DAY = 86_400_000;
  let now = DAY;
  const { stores, watcher, told } = await setUp(() => now);
  await stores.upkeep.trustsClock(now);
  await stores.settings.retire(idOf(OLD), 3 * DAY, by, now);
  await watcher.refresh();
  now = 9 * DAY;
  await watcher.refresh();
  now += DAY - 1;
  await watcher.refresh();
  expect(told).toHaveLength(1);
  now += API_LIMITS.clockDoubtMs;
  await watcher.refresh();
  expect(told.at(-1)).toMatchObject({ settings: [{ lifecycle: "RETIRED" }] });
});

test("[SET-3] while the store is away, a starting shard is told what was known last", async () => {
  const { stores, told } = await setUp();
  const settings = await stores.settings.configure(idOf(OLD), { tier: 1 }, by, 5);
  let away = false;
  const watcher = new SettingsWatcher({
    stores: {
      calendars: stores.calendars,
      upkeep: stores.upkeep,
      settings: {
        ...stores.settings,
        version: () => (away ? Promise.reject(new Error("away")) : stores.settings.version()),
      },
    },
    tell: (message) => told.push(message),
    now: () => 5,
    onError: () => {},
  });
  await watcher.refresh();
  away = true;
  await expect(watcher.refresh()).rejects.toThrow("away");
  expect(allTold(watcher)).toContainEqual({ type: "configure", settings: [settings] });
});
