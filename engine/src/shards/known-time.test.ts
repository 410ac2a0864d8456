import { describe, expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { DEFAULT_CLOCKS } from "../model/job-settings.ts";
import { commits, fact, MINUTE, SECOND, settings, T0 } from "./test-facts.ts";
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

  it("[CLOCK-8] a deadline waits while a source still repeats what it could not send, for 60 s", () => {
    const world = new World();
    world.at(T0 + 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    world.tickTo(T0 + 3 * MINUTE);
    const from = T0 + 3 * MINUTE;
    const until = T0 + 33 * MINUTE;
    world.now = until;
    world.shard.receive({
      type: "blind",
      intervals: [{ intervalId: "i", sourceId: null, reason: "DOWNTIME", from, until }],
    });
    for (let at = until; at < until + 60 * SECOND; at += 5 * SECOND) {
      world.tickTo(at);
      world.at(at, fact(`other-${at}`, "started", 4 * MINUTE));
      expect(world.row("load", "1").state).toBe("unknown");
    }
    world.tickTo(until + 60 * SECOND);
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

describe("the producer's clock and ours", () => {
  const stage = { name: "read", index: 0 };
  const LAG = 6 * MINUTE;

  /** A commit each 10 s, each received `LAG` after it occurred, until `until`. */
  function lagging(until: number): World {
    const world = new World();
    for (let at = 0; at <= until; at += 10 * SECOND) {
      world.tickTo(T0 + at + LAG);
      const commit = fact("1", "progress", at, { stage, progress: { done: at } });
      world.at(T0 + at + LAG, ...(at === 0 ? commits("1", 0, 0) : [commit]));
      expect(world.row("load", "1").state).toBe("running");
    }
    return world;
  }

  it("[CLOCK-4] a run whose facts come late is stalled by their silence, not by their lag", () => {
    const world = lagging(20 * MINUTE);
    world.tickTo(T0 + 20 * MINUTE + LAG + 5 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 20 * MINUTE + LAG + 5 * MINUTE);
    expect(world.row("load", "1")).toMatchObject({
      state: "stalled",
      evidence: [{ lastCommitAt: new Date(T0 + 20 * MINUTE).toISOString() }],
    });
  });

  it("[CLOCK-4] the lag of a run outlives a restart, and a repeat is no sign of life", () => {
    const world = lagging(20 * MINUTE);
    world.settle();
    world.boot();
    while (world.shard.step());
    world.tickTo(T0 + 20 * MINUTE + LAG + 2 * MINUTE);
    expect(world.row("load", "1").state).toBe("running");
    const done = 20 * MINUTE;
    world.append(fact("1", "progress", 20 * MINUTE, { stage, progress: { done } }));
    world.tickTo(T0 + 20 * MINUTE + LAG + 5 * MINUTE);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-4, CLOCK-7] a set heartbeat and the hour of silence count from the receipt as well", () => {
    const world = new World();
    world.at(T0 + LAG, fact("1", "started", 0));
    world.tickTo(T0 + LAG + 60 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + LAG + 60 * MINUTE);
    expect(world.row("load", "1").state).toBe("unknown");
    const clocks = { ...DEFAULT_CLOCKS, heartbeatMs: 30 * SECOND };
    world.shard.receive({ type: "configure", settings: [settings({ clocks })] });
    const at = 90 * MINUTE;
    world.at(T0 + at + LAG, fact("1", "log", at, { message: "alive" }));
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + at + LAG + 30 * SECOND);
    expect(world.row("load", "1").state).toBe("stalled");
  });
});
