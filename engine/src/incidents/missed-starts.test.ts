import { describe, expect, it } from "vitest";
import { jobIdOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { Schedule } from "../model/schedule.ts";
import { ended, fact, MINUTE, settings, T0 } from "../shards/test-facts.ts";
import { World } from "../shards/test-world.ts";
import { alertOf, alertsOf, missedStart, restart, storedRun, tell, tick } from "./test-alerts.ts";

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
const UNLINKED = { attempt: 1, restartedFrom: null, clearedBy: null };

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
    const summary = storedRun("1", fact("1", "started", 2 * HOUR));
    for (const [jobId, stored] of world.states) {
      world.states.set(jobId, { ...stored, state: "", newestRuns: [{ ...UNLINKED, summary }] });
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

  /** Every five minutes, from 02:00 UTC on the day of the tests. */
  const OFTEN = { ...DAILY, expression: "*/5 * * * *", since: T0 };
  /** Alerts of expected starts, by minutes after T0, each with its ending while it has one. */
  function missedStarts(world: World): ReadonlyMap<number, string> {
    return new Map(
      [...alertsOf(world).values()].map(({ card, ending }) => {
        const at = Date.parse(card.instanceKey.slice("nominal:".length));
        return [(at - T0) / MINUTE, ending ?? "firing"];
      }),
    );
  }

  it("[ALERT-4] stays when newer ones push it off the board, and ends alone when it was taken", () => {
    const world = scheduled(OFTEN);
    tick(world, 71 * MINUTE);
    const all = Array.from({ length: 13 }, (_, index) => index * 5);
    expect([...missedStarts(world)]).toEqual(all.map((at) => [at, "firing"]));
    tell(world, 72 * MINUTE, fact("1", "started", 2 * MINUTE));
    const endings = all.map((at) => [at, at === 0 ? "retracted" : "firing"]);
    expect([...missedStarts(world)]).toEqual(endings);
  });

  it("[ALERT-4, ALERT-6] is said also when it left the board before it could be saved", () => {
    const world = scheduled(OFTEN);
    const clocks = { ...settings({}).clocks, startGraceMs: 10 * MINUTE };
    world.shard.receive({ type: "configure", settings: [settings({ schedule: OFTEN, clocks })] });
    world.tickTo(T0 + 10 * MINUTE, 4_000);
    world.pieces.shift();
    world.tickTo(T0 + 71 * MINUTE, 4_000);
    expect(missedStarts(world).size).toBe(0);
    world.shard.saveFailed();
    world.settle();
    expect([...missedStarts(world).keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 13 }, (_, index) => index * 5),
    );
  });

  it("[ALERT-4] is retired once nobody can tell any more whether a run took it", () => {
    const world = scheduled({ ...DAILY, expression: "0 * * * *", since: T0 });
    tick(world, 30 * MINUTE);
    expect([...missedStarts(world)]).toEqual([[0, "firing"]]);
    const runs = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) =>
        ended(`${from}-${index}`, from + index * 1_000, 500, `${from}-${index}`),
      ).flat();
    tell(world, 62 * MINUTE, ...runs(LIMITS.digestsPerJob - 2, 60 * MINUTE));
    expect([...missedStarts(world)]).toEqual([[0, "firing"]]);
    tell(world, 70 * MINUTE, ...runs(2, 65 * MINUTE));
    expect([...missedStarts(world)]).toEqual([[0, "retired"]]);
  });

  it("[ALERT-4] is retired when more newer ones are missed than a job remembers", () => {
    const world = scheduled({ ...OFTEN, expression: "* * * * *" });
    const clocks = { ...settings({}).clocks, startGraceMs: MINUTE };
    const configured = settings({ schedule: { ...OFTEN, expression: "* * * * *" }, clocks });
    world.shard.receive({ type: "configure", settings: [configured] });
    for (let minute = 1; minute <= 40; minute++) tick(world, minute * MINUTE);
    const most = LIMITS.missedStartsRemembered;
    const newest = 39;
    expect([...missedStarts(world)].toSorted(([a], [b]) => a - b)).toEqual(
      Array.from({ length: newest + 1 }, (_, at) => [
        at,
        at > newest - most ? "firing" : "retired",
      ]),
    );
    const patient = { ...configured, clocks: { ...clocks, startGraceMs: 2 * HOUR } };
    world.shard.receive({ type: "configure", settings: [patient] });
    world.settle();
    expect(new Set(missedStarts(world).values())).toEqual(new Set(["retired", "retracted"]));
  });

  it("[ALERT-4, UNIT-7] one that shows no more is ended by its run although memory was rebuilt", () => {
    const hourly = { ...DAILY, expression: "0 * * * *", since: T0 };
    const world = scheduled(hourly);
    tick(world, 12.5 * HOUR);
    expect([...missedStarts(world).values()]).toEqual(Array.from({ length: 13 }, () => "firing"));
    const summary = storedRun("1", fact("1", "started", 2 * MINUTE));
    for (const [jobId, stored] of world.states) {
      world.states.set(jobId, { ...stored, state: "", newestRuns: [{ ...UNLINKED, summary }] });
    }
    restart(world, () =>
      world.shard.receive({ type: "configure", settings: [settings({ schedule: hourly })] }),
    );
    tick(world, 12.6 * HOUR);
    expect([...missedStarts(world)].filter(([, ending]) => ending !== "firing")).toEqual([
      [0, "retracted"],
    ]);
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
