import { describe, expect, it } from "vitest";
import { jobIdOf } from "../model/ids.ts";
import type { Schedule } from "../model/schedule.ts";
import { fact, MINUTE, settings, T0 } from "../shards/test-facts.ts";
import { World } from "../shards/test-world.ts";
import { alertOf, missedStart, restart, storedRun, tell, tick } from "./test-alerts.ts";

const HOUR = 60 * MINUTE;
/** 02:00 UTC each day is T0 on the day of the tests. */
const DAILY: Schedule = {
  expression: "0 2 * * *",
  zone: "UTC",
  calendarId: null,
  freeDayRule: "RUN",
  origin: "SET",
  since: T0 - HOUR,
};

describe("missed", () => {
  it.each([
    ["late", 25 * MINUTE, { ending: "cleared", endedAt: T0 + 25 * MINUTE }],
    ["in time, told late", 9 * MINUTE, { ending: "retracted", endedAt: T0 + 10 * MINUTE }],
  ])("[ALERT-4] an announced run that begins %s", (_how, startedAt, expected) => {
    const world = new World();
    tell(world, 0, fact("1", "scheduled", 0));
    tick(world, 20 * MINUTE);
    expect(alertOf(world, "missed", "1")).toMatchObject({
      firing: true,
      since: T0 + 10 * MINUTE,
      card: { runKey: "1", evidence: [{ code: "not-started" }] },
    });
    tell(world, 30 * MINUTE, fact("1", "started", startedAt));
    expect(alertOf(world, "missed", "1")).toMatchObject(expected);
  });

  function scheduled(schedule: Schedule = DAILY): World {
    const world = new World();
    world.at(T0 - 2 * HOUR, fact("old", "started", -48 * HOUR, { historical: true }));
    world.shard.receive({ type: "configure", settings: [settings({ schedule })] });
    world.settle();
    return world;
  }

  it.each([
    ["late", 5 * HOUR, { ending: "cleared", endedAt: T0 + 5 * HOUR }],
    ["in time, told late", MINUTE, { ending: "retracted", endedAt: T0 + 10 * MINUTE }],
  ])("[ALERT-4] an expected start that a run took %s, after a restart", (_how, at, expected) => {
    const world = scheduled();
    world.tickTo(T0 + 10 * MINUTE, 4_000);
    // Nothing was heard of the job: it is saved for what the clock says, without waiting for a cut.
    expect(world.pieces.flatMap(({ units }) => units)).toMatchObject([
      { alerts: [{ rule: "missed", holds: true, since: T0 + 10 * MINUTE }] },
    ]);
    world.settle();
    expect(missedStart(world)).toMatchObject({
      firing: true,
      card: { runKey: null, instanceKey: "nominal:2026-11-24T02:00:00.000Z" },
    });
    const said = world.levels.length;
    world.now = T0 + HOUR;
    restart(world, () =>
      world.shard.receive({ type: "configure", settings: [settings({ schedule: DAILY })] }),
    );
    tick(world, 4 * HOUR);
    expect(world.levels).toHaveLength(said);
    tell(world, 5 * HOUR, fact("1", "started", at));
    expect(missedStart(world)).toMatchObject(expected);
  });

  it("[ALERT-4, UNIT-7] is ended by a run although the job's memory had to be rebuilt", () => {
    const world = scheduled();
    tick(world, HOUR);
    const taker = storedRun("1", fact("1", "started", 2 * HOUR));
    for (const [jobId, stored] of world.states) {
      world.states.set(jobId, { ...stored, state: "", newestRuns: [taker] });
    }
    world.now = T0 + 2 * HOUR;
    restart(world, () =>
      world.shard.receive({ type: "configure", settings: [settings({ schedule: DAILY })] }),
    );
    tick(world, 3 * HOUR);
    expect(missedStart(world)?.ending).toBe("cleared");
  });

  it("[ALERT-4] stays when it leaves the board, and a run that takes it days later ends it", () => {
    const weekly = { ...DAILY, expression: "0 2 * * 2" };
    const world = scheduled(weekly);
    world.tickTo(T0 + 70 * HOUR, 60_000);
    world.settle();
    expect(missedStart(world)?.firing).toBe(true);
    world.at(T0 + 70 * HOUR, fact("1", "started", 70 * HOUR));
    world.settle();
    expect(missedStart(world)).toMatchObject({ ending: "cleared", endedAt: T0 + 70 * HOUR });
  });

  it("[ALERT-4] is retracted when its schedule expects it no more, or later", () => {
    const world = scheduled();
    tick(world, HOUR);
    world.shard.receive({ type: "configure", settings: [settings({ schedule: null })] });
    world.settle();
    expect(missedStart(world)?.ending).toBe("retracted");
    const other = scheduled();
    tick(other, HOUR);
    const clocks = { ...settings({}).clocks, startGraceMs: 3 * HOUR };
    other.shard.receive({
      type: "configure",
      settings: [settings({ schedule: DAILY, clocks })],
    });
    other.settle();
    expect(missedStart(other)?.ending).toBe("retracted");
  });

  it("[ALERT-6] is said again when the save failed, and not when it was taken meanwhile", () => {
    const world = scheduled();
    world.tickTo(T0 + 10 * MINUTE, 4_000);
    world.pieces.shift();
    world.shard.saveFailed();
    world.settle();
    expect(missedStart(world)?.firing).toBe(true);
    const other = scheduled();
    other.tickTo(T0 + 10 * MINUTE, 4_000);
    other.pieces.shift();
    other.at(T0 + 11 * MINUTE, fact("1", "started", 11 * MINUTE));
    other.shard.saveFailed();
    other.settle();
    expect(missedStart(other)).toBeUndefined();
    expect(other.levels).toMatchObject([{ rule: "missed", holds: false, ending: "cleared" }]);
  });

  it("[ALERT-4] is never said when a run takes it before the next save", () => {
    const world = scheduled();
    world.tickTo(T0 + 9 * MINUTE, 4_000);
    world.at(T0 + 9 * MINUTE, fact("0", "log", -30 * HOUR, { historical: true }));
    world.shard.beginCut();
    expect(world.pieces).toHaveLength(1);
    world.tickTo(T0 + 10 * MINUTE, 4_000);
    world.at(T0 + 11 * MINUTE, fact("1", "started", 11 * MINUTE));
    world.settle();
    expect(world.row("load", "1").state).toBe("running");
    expect(world.levels).toEqual([]);
  });

  it("[ALERT-7] ends when the job retires, or becomes part of another", () => {
    const world = scheduled();
    tick(world, HOUR);
    const retired = settings({ schedule: DAILY, lifecycle: "RETIRED" });
    world.shard.receive({ type: "configure", settings: [retired] });
    world.settle();
    expect(missedStart(world)).toMatchObject({ ending: "retired", endedAt: T0 + HOUR });
    const other = scheduled();
    tick(other, HOUR);
    other.shard.receive({
      type: "reload",
      jobs: [{ jobId: jobIdOf("s", "n", "load"), newestRuns: null }],
    });
    other.settle();
    expect(missedStart(other)?.ending).toBe("retired");
  });
});
