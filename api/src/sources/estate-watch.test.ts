import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import { type BlindInterval, joinStoredSummaries, type ToShard } from "@batchwatch/engine";
import { expect, onTestFinished, test } from "vitest";
import { EstateWatch } from "./estate-watch.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const MINUTE = 60_000;

function byReason(a: BlindInterval, b: BlindInterval): number {
  return a.reason < b.reason ? -1 : 1;
}

/** A watch on a real store, with a clock and runs of the test's choice. */
async function watched() {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-estate-"));
  const path = join(folder, "store.db");
  const { stores, close } = await openStores({ path, joinSummaries: joinStoredSummaries });
  onTestFinished(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  const world = {
    now: T0,
    openRuns: new Map([["s", 2]]),
    isClosed: false,
    told: [] as ToShard[],
    intervals: [] as BlindInterval[],
  };
  const make = () =>
    new EstateWatch({
      stores,
      tell: (news) => world.told.push(news),
      openRuns: () => world.openRuns,
      isClosed: () => world.isClosed,
      onInterval: (interval) => world.intervals.push(interval),
      now: () => world.now,
      onError: (error) => expect.unreachable(String(error)),
    });
  return { stores, world, make };
}

test("[CLOCK-8] the time since the last sign of life is a downtime, for all sources", async () => {
  const { stores, world, make } = await watched();
  const first = make();
  await first.begin();
  expect(world.told).toEqual([]);
  world.now += 10 * MINUTE;
  first.tick();
  world.now += 1_000;
  await first.stop();
  const stopped = world.now;
  world.told.length = 0;
  world.now += 3 * MINUTE;
  await make().begin();
  const interval = { sourceId: null, reason: "DOWNTIME", from: stopped, until: world.now };
  expect(world.told).toMatchObject([{ type: "blind", intervals: [interval] }]);
  expect(await stores.blind.recent(T0)).toContainEqual(expect.objectContaining(interval));
});

test("[CLOCK-8] a restart within five seconds is no downtime", async () => {
  const { world, make } = await watched();
  const first = make();
  await first.begin();
  await first.stop();
  world.now += 4_000;
  await make().begin();
  expect(world.told).toEqual([]);
});

test("[CLOCK-13] a late tick is a pause, and no source is blamed for it", async () => {
  const { world, make } = await watched();
  const watch = make();
  await watch.begin();
  for (let at = 0; at < 12 * MINUTE; at += 2_000) {
    watch.contact("s", world.now);
    watch.tick();
    world.now += 2_000;
  }
  world.told.length = 0;
  world.now += 30_000;
  watch.tick();
  expect(world.told).toMatchObject([{ intervals: [{ reason: "PAUSED", until: world.now }] }]);
  expect(watch.silent).toEqual([]);
});

test("[CLOCK-13] a clock that leapt ahead and was set back leaves no interval that reaches beyond now", async () => {
  const { stores, world, make } = await watched();
  const watch = make();
  await watch.begin();
  world.now = T0 + 60 * MINUTE;
  watch.tick();
  world.told.length = 0;
  world.now = T0 + 2 * MINUTE;
  watch.tick();
  const seen = { reason: "PAUSED", from: T0, until: T0 + 2 * MINUTE };
  expect(world.told).toMatchObject([{ type: "blind", intervals: [seen] }]);
  await watch.stop();
  expect(await stores.blind.recent(T0)).toMatchObject([seen]);
});

test("[CLOCK-13] what a process with a clock ahead left in the store is cut at the next start", async () => {
  const { stores, world, make } = await watched();
  const year = 365 * 24 * 60 * MINUTE;
  const watch = make();
  await watch.begin();
  world.now = T0 + year;
  watch.tick();
  for (let at = 0; at < 12 * MINUTE; at += 2_000) {
    world.now += 2_000;
    watch.contact("s", world.now);
    watch.tick();
  }
  for (let at = 0; at < 2 * MINUTE; at += 2_000) {
    world.now += 2_000;
    watch.tick();
  }
  expect(watch.silent).toHaveLength(1);
  await watch.stop();
  world.now = T0 + 3 * MINUTE;
  const next = make();
  await next.begin();
  next.storeRestored();
  const told: ToShard[] = [];
  next.tellAll((news) => told.push(news));
  const intervals = [
    { reason: "PAUSED", from: T0, until: world.now },
    { reason: "SOURCE_SILENT", from: world.now, until: null },
    { reason: "STORE_RESTORED", from: world.now, until: world.now },
  ];
  const inOrder = (all: readonly BlindInterval[]) => all.toSorted((a, b) => byReason(a, b));
  expect(told).toHaveLength(1);
  const [news] = told;
  expect(news?.type === "blind" ? inOrder(news.intervals) : []).toMatchObject(intervals);
  expect(next.silent).toMatchObject([{ from: world.now }]);
  await next.stop();
  expect(inOrder(await stores.blind.recent(T0))).toMatchObject(intervals);
});

test("[CLOCK-15] while intake is closed everything is blind, and no source is blamed for it", async () => {
  const { stores, world, make } = await watched();
  const watch = make();
  await watch.begin();
  const tickFor = (ms: number, isHeard: boolean) => {
    for (let at = 0; at < ms; at += 2_000) {
      world.now += 2_000;
      if (isHeard) watch.contact("s", world.now);
      watch.tick();
    }
  };
  tickFor(12 * MINUTE, true);
  expect(world.told).toEqual([]);
  const from = world.now;
  world.isClosed = true;
  tickFor(20 * MINUTE, false);
  const closed = { sourceId: null, reason: "INTAKE_CLOSED", from };
  expect(world.told).toMatchObject([{ intervals: [{ ...closed, until: null }] }]);
  expect(watch.silent).toEqual([]);
  world.isClosed = false;
  tickFor(2_000, false);
  const until = world.now;
  expect(world.told.slice(1)).toMatchObject([{ intervals: [{ ...closed, until }] }]);
  tickFor(MINUTE, false);
  expect(watch.silent).toEqual([]);
  tickFor(2 * MINUTE, false);
  expect(watch.silent).toHaveLength(1);
  await watch.stop();
  expect(await stores.blind.recent(T0)).toContainEqual(
    expect.objectContaining({ ...closed, until }),
  );
});

test("[CLOCK-15] intake that was closed when the last process ended is looked at anew", async () => {
  const { world, make } = await watched();
  const watch = make();
  await watch.begin();
  world.isClosed = true;
  world.now += 2_000;
  watch.tick();
  await watch.stop();
  world.now += 4_000;
  world.told.length = 0;
  const next = make();
  await next.begin();
  expect(world.told).toMatchObject([{ intervals: [{ from: T0, until: world.now }] }]);
  const from = world.now;
  world.now += 2_000;
  next.tick();
  expect(world.told.slice(1)).toMatchObject([
    { intervals: [{ reason: "INTAKE_CLOSED", from, until: null }] },
  ]);
  await next.stop();
});

test("[CLOCK-14] a silent source is told, kept, and ends with its next contact, which is told too", async () => {
  const { stores, world, make } = await watched();
  const watch = make();
  await watch.begin();
  for (let at = 0; at < 12 * MINUTE; at += 2_000) {
    watch.contact("s", world.now);
    watch.tick();
    world.now += 2_000;
  }
  for (let at = 0; at < 2 * MINUTE; at += 2_000) {
    watch.tick();
    world.now += 2_000;
  }
  expect(world.told).toMatchObject([
    { type: "blind", intervals: [{ sourceId: "s", reason: "SOURCE_SILENT", until: null }] },
  ]);
  expect(watch.silent).toHaveLength(1);
  expect(watch.returnedAt("s")).toBeNull();
  watch.contact("s", world.now);
  expect([watch.silent, watch.returnedAt("s")]).toEqual([[], world.now]);
  expect(world.told.slice(1)).toMatchObject([
    { type: "blind", intervals: [{ until: world.now }] },
    { type: "contact", sourceId: "s", at: world.now },
  ]);
  expect(await stores.blind.recent(T0)).toMatchObject([{ sourceId: "s", until: world.now }]);
  const again: ToShard[] = [];
  watch.tellAll((news) => again.push(news));
  expect(again).toMatchObject([{ type: "blind", intervals: [{ sourceId: "s" }] }]);
});

test("[CLOCK-14] a source that is silent stays so over a restart, until its next contact", async () => {
  const { stores, world, make } = await watched();
  const watch = make();
  await watch.begin();
  for (let at = 0; at < 15 * MINUTE; at += 2_000) {
    if (at < 12 * MINUTE) watch.contact("s", world.now);
    watch.tick();
    world.now += 2_000;
  }
  const [silent] = watch.silent;
  await watch.stop();
  world.now += MINUTE;
  world.intervals.length = 0;
  const next = make();
  await next.begin();
  expect([next.silent, world.intervals[0]]).toEqual([[silent], silent]);
  next.tick();
  const shard: ToShard[] = [];
  next.tellAll((news) => shard.push(news));
  expect(shard).toMatchObject([
    { intervals: expect.arrayContaining([expect.objectContaining({ until: null })]) },
  ]);
  world.now += MINUTE;
  next.contact("s", world.now);
  expect([next.silent, world.intervals.at(-1)]).toEqual([[], { ...silent, until: world.now }]);
  expect(await stores.blind.recent(T0)).toContainEqual({ ...silent, until: world.now });
});

test("[UNIT-9] a store older than the journal is a blind interval since its last sign of life", async () => {
  const { world, make } = await watched();
  await make().begin();
  world.now += 2_000;
  const watch = make();
  await watch.begin();
  watch.storeRestored();
  expect(world.told).toMatchObject([
    { intervals: [{ reason: "STORE_RESTORED", from: T0, until: world.now }] },
  ]);
});
