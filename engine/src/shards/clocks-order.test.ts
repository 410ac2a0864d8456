import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import { commits, ended, fact, MINUTE, SECOND, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

describe("the same facts at the same time", () => {
  it("[CLOCK-1, I2] show the same in any order, with repeats, restarts and any ticks between", () => {
    const stage = { name: "read", index: 0 };
    const facts = [
      ...ended("0", -50 * 60 * MINUTE, 10 * MINUTE, "2026-11-20"),
      ...commits("1", 8, 20 * SECOND),
      fact("1", "progress", 8 * MINUTE, { stage, progress: { done: 9 } }),
      fact("2", "scheduled", MINUTE),
      fact("3", "started", 2 * MINUTE, { businessDate: "2026-11-23" }),
      fact("3", "failed", 3 * MINUTE, { businessDate: "2026-11-23", message: "no file" }),
      fact("4", "started", 4 * MINUTE, { businessDate: "2026-11-23" }),
    ];
    const shownBy = (order: readonly Observation[], restartAt: number, end: number) => {
      const world = new World();
      order.forEach((one, index) => {
        world.at(T0 + 10 * MINUTE, one);
        if (index === restartAt) {
          world.settle();
          world.boot();
          while (world.shard.step());
        }
      });
      world.settle();
      world.tickTo(end);
      return [...world.rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    };
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
        fc.nat({ max: 30 }),
        fc.integer({ min: 10, max: 90 }),
        (order, restartAt, minute) => {
          const end = T0 + minute * MINUTE;
          expect(shownBy(order, restartAt, end)).toEqual(shownBy(facts, -1, end));
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
