import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import type { Schedule } from "../model/schedule.ts";
import { commits, ended, fact, MINUTE, SECOND, settings, T0 } from "../shards/test-facts.ts";
import { World } from "../shards/test-world.ts";
import { alertsOf, restart } from "./test-alerts.ts";

/** Half past each hour, from an hour before the facts on. */
const HOURLY: Schedule = {
  expression: "30 * * * *",
  zone: "UTC",
  calendarId: null,
  freeDayRule: "RUN",
  origin: "SET",
  since: T0 - 60 * MINUTE,
};

/** Minutes after T0 at which all is compared. */
const ENDS = [12, 20, 45];
const FIRST = { businessDate: "2026-11-23" };
const OTHER = { businessDate: "2026-11-24" };
const FACTS: readonly Observation[] = [
  ...ended("0", -50 * 60 * MINUTE, 10 * MINUTE, "2026-11-20"),
  ...commits("slow", 8, 20 * SECOND),
  fact("announced", "scheduled", MINUTE),
  fact("late", "scheduled", -20 * MINUTE),
  fact("late", "started", 9 * MINUTE),
  fact("1", "started", 2 * MINUTE, FIRST),
  fact("1", "failed", 3 * MINUTE, { ...FIRST, message: "no file" }),
  fact("2", "started", 4 * MINUTE, FIRST),
  fact("2", "failed", 5 * MINUTE, FIRST),
  fact("3", "started", 6 * MINUTE, FIRST),
  fact("4", "started", MINUTE, OTHER),
  fact("4", "failed", 2 * MINUTE, OTHER),
  fact("5", "started", 3 * MINUTE, OTHER),
  fact("5", "succeeded", 8 * MINUTE, OTHER),
  fact("6", "started", 3 * MINUTE),
  fact("6", "failed", 4 * MINUTE, { message: "not the last word" }),
  fact("6", "succeeded", 7 * MINUTE),
];

describe("the same facts at the same time", () => {
  it("[ALERT-2, I2] give the same firing alerts in any order, with repeats, failed saves, restarts and any ticks between", () => {
    const configure = (world: World) =>
      world.shard.receive({ type: "configure", settings: [settings({ schedule: HOURLY })] });
    const firing = (
      order: readonly Observation[],
      how: { readonly restartAt: number; readonly tickAt: number; readonly failEvery: number },
      end: number,
    ) => {
      const world = new World();
      const receivedAt = T0 + 10 * MINUTE;
      world.now = receivedAt;
      configure(world);
      order.forEach((one, index) => {
        world.appendRecords([{ ...world.recordOf(one), receivedAt }]);
        if (index === how.tickAt) world.tickTo(T0 + 11 * MINUTE, 5_000);
        if (index % how.failEvery === 0 && world.pieces.shift() !== undefined)
          world.shard.saveFailed();
        if (index % 5 === 0) world.settle();
        if (index === how.restartAt) restart(world, () => configure(world));
      });
      world.settle();
      world.tickTo(end, 5_000);
      world.settle();
      return [...alertsOf(world).values()]
        .filter((alert) => alert.firing)
        .map(({ rule, subject, since, card }) => ({ rule, subject, since, card }))
        .sort((a, b) => (a.rule + a.subject < b.rule + b.subject ? -1 : 1));
    };
    const never = { restartAt: -1, tickAt: -1, failEvery: Number.POSITIVE_INFINITY };
    const inOrder = new Map(
      ENDS.map((minute) => [minute, firing(FACTS, never, T0 + minute * MINUTE)]),
    );
    const place = fc.nat({ max: 2 * FACTS.length });
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...FACTS, ...FACTS], { minLength: FACTS.length * 2 }),
        fc.record({ restartAt: place, tickAt: place, failEvery: fc.integer({ min: 1, max: 4 }) }),
        fc.constantFrom(...ENDS),
        (order, how, minute) => {
          expect(firing(order, how, T0 + minute * MINUTE)).toEqual(inOrder.get(minute));
        },
      ),
      { numRuns: 30 },
    );
    // A comparison of nothing with nothing would show nothing.
    const rules = (inOrder.get(45) ?? []).map(({ rule }) => rule);
    expect(rules.filter((rule) => rule === "failed")).toHaveLength(2);
    expect(rules).toEqual(expect.arrayContaining(["missed", "stalled"]));
  }, 60_000);
});
