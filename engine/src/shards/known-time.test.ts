import { describe, expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { commits, fact, MINUTE, SECOND, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

describe("up to when everything is known", () => {
  it("[CLOCK-2] what was judged while the clock was ahead is judged again, though no tick came meanwhile", () => {
    const world = new World();
    world.at(T0 + 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    world.tickTo(T0 + 3 * MINUTE);
    world.now = T0 + 120 * MINUTE;
    world.append(fact("2", "started", 2 * MINUTE));
    expect(world.row("load", "1").state).toBe("unknown");
    world.now = T0 + 4 * MINUTE;
    world.shard.tick();
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-13] a fact that is read before the first tick behind a pause is judged with the pause known", () => {
    const world = new World();
    world.at(T0 + 2 * MINUTE, ...commits("1", 6, 20 * SECOND), fact("2", "scheduled", 0));
    world.settle();
    world.tickTo(T0 + 3 * MINUTE);
    const resumedAt = T0 + 33 * MINUTE;
    world.at(resumedAt, fact("3", "started", 33 * MINUTE, { businessDate: "2026-11-24" }));
    world.settle();
    expect([world.row("load", "1"), world.row("load", "2")]).toMatchObject([
      { state: "unknown", evidence: [{ code: "blind", reason: "PAUSED" }] },
      { state: "unknown", evidence: [{ code: "blind", reason: "PAUSED" }] },
    ]);
    expect(world.levels.filter(({ holds }) => holds)).toEqual([]);
    world.tickTo(resumedAt + 10 * SECOND);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-2] what is not read when it begins to judge is not known to be missing", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0));
    world.settle();
    world.now = T0 + 10 * MINUTE - 10 * SECOND;
    world.boot();
    // More comes in than one stretch reads, the start as the last of it; the shard gets to it behind its deadline.
    const many = Array.from({ length: LIMITS.journalReadRows }, (_, index) =>
      fact("0", "log", index),
    );
    for (const one of [...many, fact("1", "started", 9 * MINUTE)]) {
      world.journal.push({ ...world.recordOf(one), position: world.journal.length + 1 });
    }
    world.shard.reached(world.journal.length);
    world.now = T0 + 11 * MINUTE;
    world.shard.step();
    world.settle();
    expect(world.transitions.filter(({ contract }) => contract === "clock")).toEqual([]);
    expect(world.levels.filter(({ holds }) => holds)).toEqual([]);
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-2] nothing is judged before the journal is read; while behind, only what is known counts", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0), fact("2", "started", 0));
    world.settle();
    world.append(fact("1", "started", 5 * MINUTE), fact("1", "succeeded", 6 * MINUTE));
    world.now = T0 + 5 * 60 * MINUTE;
    world.messages.length = 0;
    world.boot();
    world.shard.tick();
    while (world.shard.step());
    world.shard.tick();
    const states = world.messages.flatMap((message) =>
      message.type === "rows"
        ? message.rows.flatMap((row) => (row.kind === "run" ? row.state : []))
        : [],
    );
    expect(states).not.toContain("late");
    expect(world.row("load", "1").state).toBe("succeeded");
    expect(world.row("load", "2").state).toBe("unknown");
  });
});
