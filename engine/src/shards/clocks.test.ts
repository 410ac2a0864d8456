import { describe, expect, it } from "vitest";
import { DEFAULT_CLOCKS } from "../model/job-settings.ts";
import type { RunRow } from "../model/rows.ts";
import { commits, ended, fact, MINUTE, SECOND, settings, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

function codes(row: RunRow): string[] {
  return row.evidence.map(({ code }) => code);
}

describe("start grace", () => {
  it("[CLOCK-3] an announced run is scheduled, late from its grace on, and running once it begins", () => {
    const world = new World();
    world.at(T0 - 4 * MINUTE, fact("1", "scheduled", 0));
    expect(world.row("load", "1").state).toBe("scheduled");
    world.tickTo(T0 + 10 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("scheduled");
    world.tickTo(T0 + 10 * MINUTE);
    expect(world.row("load", "1")).toMatchObject({
      state: "late",
      evidence: [
        { code: "not-started", graceMs: 10 * MINUTE, graceOrigin: "DEFAULT", announced: true },
      ],
    });
    world.at(T0 + 40 * MINUTE, fact("1", "started", 40 * MINUTE));
    expect(world.row("load", "1")).toMatchObject({ state: "running", evidence: [] });
  });

  it("[CLOCK-3] a set grace counts instead", () => {
    const world = new World();
    const clocks = { ...DEFAULT_CLOCKS, startGraceMs: 20 * SECOND };
    world.shard.receive({ type: "configure", settings: [settings({ clocks })] });
    world.at(T0, fact("1", "scheduled", 0));
    world.tickTo(T0 + 20 * SECOND);
    expect(world.row("load", "1").evidence).toMatchObject([{ graceOrigin: "SET" }]);
  });

  it("[CLOCK-11] lateness is saved, as a transition of the clock with the deadline as its time", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0));
    world.settle();
    world.tickTo(T0 + 10 * MINUTE + 200);
    world.settle();
    expect(world.transitions.filter(({ contract }) => contract === "clock")).toMatchObject([
      { kind: "late", occurredAt: T0 + 10 * MINUTE },
    ]);
    expect([...world.runs.values()].map((run) => run.state)).toEqual(["late"]);
  });
});

describe("heartbeat", () => {
  it.each([
    [4 * SECOND, 5 * MINUTE],
    [50 * SECOND, 5 * MINUTE],
    [2 * MINUTE, 12 * MINUTE],
  ])("[CLOCK-4] commits each %d ms stand still after %d ms", (gap, limit) => {
    const world = new World();
    const last = 6 * gap;
    world.at(T0 + last, ...commits("1", 6, gap));
    world.tickTo(T0 + last + limit - 1);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + last + limit);
    expect(world.row("load", "1")).toMatchObject({
      state: "stalled",
      evidence: [{ code: "standing-still", stage: "read", usualGapMs: gap, limitMs: limit }],
    });
    const next = last + limit + MINUTE;
    const stage = { name: "read", index: 0 };
    world.at(T0 + next, fact("1", "progress", next, { stage, progress: { done: 9 } }));
    expect(world.row("load", "1")).toMatchObject({ state: "running", evidence: [] });
  });

  it("[CLOCK-4] is flagged within a tick although the run's first judgement knew no rhythm", () => {
    const world = new World();
    for (const one of commits("1", 30, 10 * SECOND)) {
      world.tickTo(one.occurredAt);
      world.at(one.occurredAt, one);
    }
    world.tickTo(T0 + 300 * SECOND + 5 * MINUTE, 250);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-4] needs four commits; a stage without a rhythm is never stalled", () => {
    const world = new World();
    world.at(T0 + 3 * MINUTE, ...commits("1", 3, MINUTE));
    world.tickTo(T0 + 60 * MINUTE);
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-4] one slow commit among quick ones is no alarm the second time", () => {
    const world = new World();
    const stage = { name: "read", index: 0 };
    world.at(T0, ...commits("1", 6, SECOND));
    const slow = 6 * SECOND + 8 * MINUTE;
    world.at(T0 + slow, fact("1", "progress", slow, { stage, progress: { done: 7 } }));
    world.tickTo(T0 + slow + 10 * MINUTE);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + slow + 16 * MINUTE);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-4] between two stages, and after the end, nothing stands still", () => {
    const world = new World();
    const stage = { name: "read", index: 0 };
    world.at(
      T0 + MINUTE,
      ...commits("1", 6, 10 * SECOND),
      fact("1", "succeeded", MINUTE, { stage }),
    );
    world.tickTo(T0 + 50 * MINUTE);
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-4] a stage whose end is never told does not stand still when another one ends", () => {
    const world = new World();
    const stage = { name: "write", index: 1 };
    world.at(T0 + MINUTE, ...commits("1", 6, 10 * SECOND));
    world.tickTo(T0 + 2 * MINUTE);
    world.at(T0 + 2 * MINUTE, fact("1", "started", 2 * MINUTE, { stage }));
    world.tickTo(T0 + 40 * MINUTE);
    world.at(T0 + 40 * MINUTE, fact("1", "succeeded", 40 * MINUTE, { stage }));
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 45 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 45 * MINUTE);
    expect(world.row("load", "1")).toMatchObject({
      state: "stalled",
      evidence: [{ stage: "read", lastCommitAt: new Date(T0 + MINUTE).toISOString() }],
    });
  });

  it("[CLOCK-4] a set heartbeat needs no rhythm and counts from any sign of life", () => {
    const world = new World();
    const clocks = { ...DEFAULT_CLOCKS, heartbeatMs: 30 * SECOND };
    world.shard.receive({ type: "configure", settings: [settings({ clocks })] });
    world.at(T0, fact("1", "started", 0));
    world.at(T0 + 20 * SECOND, fact("1", "log", 20 * SECOND, { message: "alive" }));
    world.tickTo(T0 + 49 * SECOND);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 50 * SECOND);
    expect(world.row("load", "1").state).toBe("stalled");
  });
});

describe("run budget and minimum duration", () => {
  const past = (durations: readonly number[]) =>
    durations.flatMap((ms, day) =>
      ended(`p${day}`, (day - 30) * 60 * MINUTE, ms, `2026-11-0${day + 1}`),
    );

  it("[CLOCK-5] a run over its learned budget stays running and says so", () => {
    const world = new World();
    const minutes = [20, 21, 22, 20, 24].map((one) => one * MINUTE);
    world.at(T0 - 60 * MINUTE, ...past(minutes));
    world.at(T0, fact("1", "started", 0));
    world.tickTo(T0 + 42 * MINUTE - 1);
    expect(codes(world.row("load", "1"))).toEqual([]);
    world.tickTo(T0 + 42 * MINUTE);
    expect(world.row("load", "1")).toMatchObject({
      state: "running",
      evidence: [{ code: "over-budget", budgetMs: 42 * MINUTE, budgetOrigin: "LEARNED" }],
    });
  });

  it("[CLOCK-5] four successes teach nothing", () => {
    const world = new World();
    world.at(T0 - 60 * MINUTE, ...past([1, 1, 1, 1].map((one) => one * MINUTE)));
    world.at(T0, fact("1", "started", 0));
    world.tickTo(T0 + 50 * MINUTE);
    expect(codes(world.row("load", "1"))).toEqual([]);
  });

  it("[CLOCK-6] a success in a quarter of the usual time says so, and is judged by the others", () => {
    const world = new World();
    world.at(T0 - 60 * MINUTE, ...past([20, 21, 22, 20, 24].map((one) => one * MINUTE)));
    world.at(T0 + 5 * MINUTE, ...ended("1", 0, 5 * MINUTE, "2026-11-23"));
    expect(world.row("load", "1")).toMatchObject({
      state: "succeeded",
      evidence: [{ code: "too-short", minimumMs: 5.25 * MINUTE, usualMs: 21 * MINUTE }],
    });
  });
});

describe("what nobody can know", () => {
  it("[CLOCK-7] an open run without any clock is unknown after an hour of silence", () => {
    const world = new World();
    world.at(T0, fact("1", "started", 0));
    world.tickTo(T0 + 60 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 60 * MINUTE);
    expect(world.row("load", "1")).toMatchObject({ state: "unknown" });
    expect(codes(world.row("load", "1"))).toEqual(["silent"]);
    world.at(T0 + 61 * MINUTE, fact("1", "log", 61 * MINUTE));
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-8, CLOCK-13] a deadline inside a pause waits for the source's first contact", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0));
    world.tickTo(T0 + 9 * MINUTE);
    world.now = T0 + 12 * MINUTE;
    world.shard.tick();
    expect(world.row("load", "1")).toMatchObject({
      state: "unknown",
      evidence: [{ code: "blind", reason: "PAUSED" }],
    });
    world.tickTo(T0 + 12 * MINUTE + 5 * SECOND);
    world.at(T0 + 12 * MINUTE + 5 * SECOND, fact("2", "log", 12 * MINUTE));
    world.tickTo(T0 + 12 * MINUTE + 14 * SECOND);
    expect(world.row("load", "1").state).toBe("unknown");
    world.tickTo(T0 + 12 * MINUTE + 15 * SECOND);
    expect(world.row("load", "1").state).toBe("late");
  });

  it("[CLOCK-8] without any contact a deadline waits 60 s, and one beyond the pause does not wait", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0), fact("2", "scheduled", 3 * MINUTE + 30 * SECOND));
    world.tickTo(T0 + 9 * MINUTE);
    world.now = T0 + 12 * MINUTE;
    world.shard.tick();
    world.tickTo(T0 + 13 * MINUTE - 1);
    expect(world.row("load", "1").state).toBe("unknown");
    world.tickTo(T0 + 13 * MINUTE);
    expect(world.row("load", "1").state).toBe("late");
    world.tickTo(T0 + 13 * MINUTE + 30 * SECOND);
    expect(world.row("load", "2").state).toBe("late");
  });

  it("[CLOCK-8, CLOCK-14] runs of a silent source are unknown until it speaks again", () => {
    const world = new World();
    world.at(T0 + MINUTE, ...commits("1", 6, 10 * SECOND));
    const interval = {
      intervalId: "i",
      sourceId: "s",
      reason: "SOURCE_SILENT" as const,
      from: T0 + MINUTE,
    };
    world.now = T0 + 3 * MINUTE;
    world.shard.receive({ type: "blind", intervals: [{ ...interval, until: null }] });
    expect(world.row("load", "1").state).toBe("unknown");
    world.tickTo(T0 + 30 * MINUTE);
    expect(world.row("load", "1").state).toBe("unknown");
    const until = T0 + 30 * MINUTE;
    world.shard.receive({ type: "blind", intervals: [{ ...interval, until }] });
    expect(codes(world.row("load", "1"))).toEqual(["blind"]);
    world.shard.receive({ type: "contact", sourceId: "s", at: until });
    world.tickTo(until + 10 * SECOND);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-8] a silent source changes nothing for the runs of another", () => {
    const world = new World();
    world.at(T0, fact("1", "started", 0));
    const interval = {
      intervalId: "i",
      sourceId: "other",
      reason: "SOURCE_SILENT" as const,
      from: T0,
      until: null,
    };
    world.shard.receive({ type: "blind", intervals: [interval] });
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[CLOCK-2] what was judged while the clock was ahead is judged again, though no tick came meanwhile", () => {
    const world = new World();
    world.at(T0 + 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    world.tickTo(T0 + 3 * MINUTE);
    world.now = T0 + 120 * MINUTE;
    world.append(fact("2", "started", 2 * MINUTE));
    expect(world.row("load", "1").state).toBe("stalled");
    world.now = T0 + 4 * MINUTE;
    world.shard.tick();
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

describe("attempts and life", () => {
  it("[CLOCK-9] an attempt after a failed one of the same instance is recovering", () => {
    const world = new World();
    const day = { businessDate: "2026-11-23" };
    world.at(T0, fact("1", "started", 0, day), fact("1", "failed", MINUTE, day));
    world.at(T0 + 2 * MINUTE, fact("2", "started", 2 * MINUTE, day));
    expect(world.row("load", "2")).toMatchObject({
      state: "recovering",
      evidence: [{ code: "new-attempt", attempt: 2, earlierState: "failed" }],
    });
    const other = { businessDate: "2026-11-24" };
    world.at(T0 + 3 * MINUTE, fact("3", "started", 3 * MINUTE, other));
    expect(world.row("load", "3").state).toBe("running");
  });

  it.each([{ lifecycle: "RETIRED" as const }, { monitored: false }])(
    "[CLOCK-10] %o has no clocks",
    (change) => {
      const world = new World();
      world.at(T0, fact("1", "scheduled", 0), fact("2", "started", 0));
      world.shard.receive({ type: "configure", settings: [settings(change)] });
      world.tickTo(T0 + 3 * 60 * MINUTE);
      expect(world.row("load", "1").state).toBe("scheduled");
      expect(world.row("load", "2").state).toBe("running");
      world.shard.receive({ type: "configure", settings: [settings({})] });
      expect(world.row("load", "1").state).toBe("late");
    },
  );

  it("[RUN-4] a historical run is never judged", () => {
    const world = new World();
    world.at(T0, fact("1", "started", -48 * 60 * MINUTE, { historical: true }));
    world.tickTo(T0 + 5 * 60 * MINUTE);
    expect(world.rows.size).toBe(0);
  });
});

it("[CLOCK-11] a run that begins and ends in time leaves no transition of the clock", () => {
  const world = new World();
  const day = { businessDate: "2026-11-23" };
  world.at(T0, fact("1", "started", 0, day), fact("1", "failed", MINUTE, day));
  world.at(T0 + 2 * MINUTE, fact("2", "started", 2 * MINUTE, day));
  world.tickTo(T0 + 5 * MINUTE);
  world.at(T0 + 5 * MINUTE, fact("2", "succeeded", 5 * MINUTE, day));
  world.settle();
  expect(world.transitions).toHaveLength(4);
  expect(world.transitions.filter(({ contract }) => contract === "clock")).toEqual([]);
});

describe("what is judged again", () => {
  it("[CLOCK-4] a run that was history until now is watched from its first live fact on", () => {
    const world = new World();
    world.at(T0, fact("1", "started", -26 * 60 * MINUTE, { historical: true }));
    for (let at = MINUTE; at <= 6 * MINUTE; at += MINUTE) {
      world.tickTo(T0 + at);
      world.at(T0 + at, fact("1", "progress", at));
    }
    expect(world.row("load", "1").state).toBe("running");
    world.tickTo(T0 + 13 * MINUTE);
    expect(world.row("load", "1").state).toBe("stalled");
  });

  it("[CLOCK-1] an announced run that is late is unknown once its source turns out to be silent", () => {
    const world = new World();
    world.at(T0, fact("1", "scheduled", 0));
    world.tickTo(T0 + 10 * MINUTE);
    expect(world.row("load", "1").state).toBe("late");
    const silence = { intervalId: "1", reason: "SOURCE_SILENT" as const, from: T0 + 9 * MINUTE };
    const tell = (sourceId: string) =>
      world.shard.receive({ type: "blind", intervals: [{ ...silence, sourceId, until: null }] });
    tell("another");
    expect(world.row("load", "1").state).toBe("late");
    tell("s");
    expect(world.row("load", "1").state).toBe("unknown");
  });
});
