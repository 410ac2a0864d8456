import type { BlindInterval, Calendar, ChangeAuthor } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { openTestStores } from "./test-store.ts";

const by: ChangeAuthor = { userId: "u1", name: "Shift lead" };
const target: Calendar = {
  calendarId: "target",
  name: "TARGET",
  zone: "Europe/Berlin",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: "2026-12-31",
  days: [
    { day: "2026-04-03", kind: "FREE", label: "Good Friday" },
    { day: "2026-12-24", kind: "SHORT", label: "" },
  ],
};

test("a calendar reads back, and putting it again replaces it whole", async () => {
  const { calendars, settings } = await openTestStores();
  const versions = async () => [await calendars.version(), await settings.version()];
  const before = await versions();
  await calendars.put(target, by, 1);
  expect(await calendars.get("target")).toEqual(target);
  for (const [index, version] of (await versions()).entries()) {
    expect(version).toBeGreaterThan(before[index] ?? Number.POSITIVE_INFINITY);
  }
  const shorter = { ...target, name: "TARGET 2027", workdays: [], days: target.days.slice(1) };
  await calendars.put(shorter, by, 2);
  const other = { ...target, calendarId: "a", name: "Another", coversUntil: null, days: [] };
  await calendars.put(other, by, 3);
  expect(await calendars.all()).toEqual([other, shorter]);
  expect(await calendars.get("unknown")).toBeNull();
});

test("a repeated command puts a calendar once", async () => {
  const { calendars } = await openTestStores();
  const command = { ...by, commandId: "c1" };
  await calendars.put(target, command, 1);
  await calendars.put({ ...target, days: [] }, by, 2);
  expect(await calendars.put(target, command, 3)).toEqual(target);
  expect((await calendars.get("target"))?.days).toEqual([]);
});

test("blind intervals are kept by id: one that lasts gets its end", async () => {
  const { blind } = await openTestStores();
  const lasting: BlindInterval = {
    intervalId: "b1",
    sourceId: "src",
    reason: "SOURCE_SILENT",
    from: 100,
    until: null,
  };
  const over: BlindInterval = {
    intervalId: "b2",
    sourceId: null,
    reason: "DOWNTIME",
    from: 10,
    until: 50,
  };
  for (const interval of [lasting, over, over]) await blind.put(interval);
  expect(await blind.recent(0)).toEqual([over, lasting]);
  expect(await blind.recent(51)).toEqual([lasting]);
  await blind.put({ ...lasting, until: 200 });
  expect(await blind.recent(51)).toEqual([{ ...lasting, until: 200 }]);
  expect(await blind.recent(201)).toEqual([]);
});

test("the newest sign of the service's life is kept", async () => {
  const { service } = await openTestStores();
  expect(await service.aliveAt()).toBeNull();
  await service.alive(100);
  await service.alive(200);
  expect(await service.aliveAt()).toBe(200);
});
