import { LIMITS, type MaskedDay } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { openTestStores } from "./test-store.ts";

const one = (part: Partial<MaskedDay> = {}): MaskedDay => ({
  sourceId: "s1",
  day: "2026-11-24",
  kind: "card",
  hidden: 1,
  kept: 0,
  ...part,
});

test("counts of a source, day and kind add up", async () => {
  const { sources } = await openTestStores();
  await sources.countMasked([one(), one({ kind: "email", kept: 2 }), one({ sourceId: "s2" })]);
  await sources.countMasked([one({ hidden: 4, kept: 1 })]);
  expect(await sources.maskedCounts("s1", 1)).toEqual([
    one({ hidden: 5, kept: 1 }),
    one({ kind: "email", kept: 2 }),
  ]);
  expect(await sources.maskedCounts("nobody", 1)).toEqual([]);
});

test("the newest days with something masked are read, newest first", async () => {
  const { sources } = await openTestStores();
  const days = ["2026-11-01", "2026-11-20", "2026-11-24"];
  await sources.countMasked(days.flatMap((day) => [one({ day }), one({ day, kind: "ssn" })]));
  const read = async (most: number) =>
    (await sources.maskedCounts("s1", most)).map(({ day, kind }) => `${day} ${kind}`);
  expect(await read(2)).toEqual([
    "2026-11-24 card",
    "2026-11-24 ssn",
    "2026-11-20 card",
    "2026-11-20 ssn",
  ]);
  expect(await read(99)).toHaveLength(6);
});

test("days beyond the limit go, of each source by itself", async () => {
  const { sources } = await openTestStores();
  const day = (index: number) => new Date(index * 86_400_000).toISOString().slice(0, 10);
  const many = Array.from({ length: LIMITS.maskCountDays + 3 }, (_, index) =>
    one({ day: day(index) }),
  );
  await sources.countMasked([...many, one({ sourceId: "s2", day: day(0) })]);
  const kept = await sources.maskedCounts("s1", Number.MAX_SAFE_INTEGER);
  expect(kept).toHaveLength(LIMITS.maskCountDays);
  expect(kept.at(-1)?.day).toBe(day(3));
  expect(await sources.maskedCounts("s2", 1)).toHaveLength(1);
});
