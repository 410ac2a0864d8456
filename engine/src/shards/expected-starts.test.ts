import { describe, expect, it } from "vitest";
import { leavesAt } from "../board/shelf-life.ts";
import { DEFAULT_CLOCKS } from "../model/job-settings.ts";
import type { Schedule } from "../model/schedule.ts";
import type { RunRow } from "../model/rows.ts";
import { ended, fact, MINUTE, settings, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

const HOUR = 60 * MINUTE;
/** 02:00 UTC each day is T0 on the day of the tests. */
const DAILY: Schedule = {
  expression: "0 2 * * *",
  zone: "UTC",
  calendarId: null,
  freeDayRule: "RUN",
  origin: "SET",
  since: T0 - 40 * HOUR,
};

/** A world whose job is known by a run two days ago. */
function scheduled(schedule: Schedule | null = DAILY): World {
  const world = new World();
  world.at(T0 - 2 * HOUR, fact("old", "started", -48 * HOUR, { historical: true }));
  world.shard.receive({ type: "configure", settings: [settings({ schedule })] });
  return world;
}

function occurrences(world: World): RunRow[] {
  return [...world.rows.values()].filter(
    (row): row is RunRow => row.kind === "run" && row.occurrence,
  );
}

describe("what a schedule expects", () => {
  it("[SCHED-5] shows from 30 min before its time, is late after the grace, and leaves after a day", () => {
    const world = scheduled();
    world.tickTo(T0 - 30 * MINUTE - 1_000);
    expect(
      occurrences(world).filter((row) => row.nominalAt === new Date(T0).toISOString()),
    ).toEqual([]);
    world.tickTo(T0 - 30 * MINUTE);
    expect(occurrences(world).at(-1)).toMatchObject({
      state: "scheduled",
      runKey: "sched:2026-11-24T02:00:00.000Z",
    });
    world.tickTo(T0 + 10 * MINUTE);
    expect(occurrences(world).at(-1)).toMatchObject({
      state: "late",
      evidence: [{ code: "not-started", announced: false }],
    });
    world.tickTo(T0 + 24 * HOUR + 10 * MINUTE, 4_000);
    const key = occurrences(world).map((row) => row.nominalAt);
    expect(key).not.toContain(new Date(T0).toISOString());
  });

  it.each([
    ["by its nominal time, however late", { nominalAt: T0 }, 3 * HOUR],
    ["by beginning a little early", {}, -14 * MINUTE],
    ["by beginning late", {}, 5 * HOUR],
  ])("[SCHED-5] is taken %s", (_how, more, at) => {
    const world = scheduled();
    world.tickTo(T0 - 20 * MINUTE, 4_000);
    expect(occurrences(world)).toHaveLength(2);
    world.tickTo(T0 + at, 4_000);
    world.at(T0 + at, fact("1", "started", at, more));
    const left = occurrences(world).map((row) => row.nominalAt);
    expect(left).not.toContain(new Date(T0).toISOString());
    expect(world.row("load", "1").state).toBe("running");
  });

  it("[SCHED-5] a run of yesterday's instance takes nothing of today", () => {
    const world = scheduled();
    world.tickTo(T0 + HOUR, 4_000);
    world.at(T0 + HOUR, fact("1", "started", HOUR, { nominalAt: T0 - 24 * HOUR }));
    expect(occurrences(world).map((row) => [row.nominalAt, row.state])).toEqual([
      [new Date(T0).toISOString(), "late"],
    ]);
  });

  it.each(["* * * * *", "*/5 * * * *", "*/15 * * * *"])(
    "[SCHED-5] a job that is due by %s and does not run is late, however many starts are to come",
    (expression) => {
      const world = scheduled({ ...DAILY, expression });
      world.tickTo(T0 + HOUR, 4_000);
      const states = occurrences(world).map((row) => row.state);
      expect(states).toContain("late");
      expect(states).toContain("scheduled");
      expect(states.length).toBeLessThanOrEqual(8);
    },
  );

  it("[CLOCK-3] is late also after a grace of more than a day", () => {
    const world = new World();
    world.at(T0 - HOUR, fact("old", "started", -48 * HOUR, { historical: true }));
    const clocks = { ...DEFAULT_CLOCKS, startGraceMs: 30 * HOUR };
    const schedule = { ...DAILY, expression: "0 2 24 * *" };
    world.shard.receive({ type: "configure", settings: [settings({ schedule, clocks })] });
    world.tickTo(T0 + 30 * HOUR - 1, 4_000);
    expect(occurrences(world).map((row) => row.state)).toEqual(["scheduled"]);
    world.tickTo(T0 + 30 * HOUR);
    expect(occurrences(world)[0]).toMatchObject({ state: "late" });
    expect(leavesAt(occurrences(world)[0] as RunRow)).toBe(T0 + 54 * HOUR);
  });

  it("[SCHED-5] a start that is late stays for a day, also where the next one is near", () => {
    const world = scheduled({ ...DAILY, expression: "0,5 2 * * *", since: T0 - HOUR });
    for (const hour of [1, 12, 23]) {
      world.tickTo(T0 + hour * HOUR, 4_000);
      expect(occurrences(world).map((row) => row.state)).toEqual(["late", "late"]);
    }
  });

  it("[SCHED-5] a start whose run is forgotten is not late: more runs began since than are remembered", () => {
    const world = scheduled({ ...DAILY, expression: "0 * * * *", since: T0 });
    for (let at = 0; at < 5 * HOUR; at += HOUR) {
      world.tickTo(T0 + at, 4_000);
      const runs = Array.from({ length: 30 }, (_, index) => `${at}-${index}`);
      world.at(T0 + at, ...runs.flatMap((run) => ended(run, at, 1_000, run)));
      world.settle();
    }
    world.tickTo(T0 + 4.8 * HOUR, 4_000);
    expect(occurrences(world).map((row) => row.state)).toEqual(["scheduled"]);
  });

  it("[SCHED-6] nothing is due before the schedule was given, nor once it is taken back or the job retires", () => {
    const world = scheduled({ ...DAILY, since: T0 - HOUR });
    world.tickTo(T0 + HOUR, 4_000);
    expect(occurrences(world).map((row) => row.nominalAt)).toEqual([new Date(T0).toISOString()]);
    world.shard.receive({
      type: "configure",
      settings: [settings({ schedule: DAILY, lifecycle: "RETIRED" })],
    });
    expect(occurrences(world)).toEqual([]);
    world.shard.receive({ type: "configure", settings: [settings({ schedule: DAILY })] });
    expect(occurrences(world)).not.toEqual([]);
    world.shard.receive({ type: "configure", settings: [settings({ schedule: null })] });
    expect(occurrences(world)).toEqual([]);
  });

  it("[CLOCK-1] a restart shows the same, though nothing of an expected start is stored", () => {
    const world = scheduled();
    world.tickTo(T0 + HOUR, 4_000);
    world.settle();
    const before = occurrences(world);
    expect(before).toHaveLength(1);
    world.rows.clear();
    world.boot();
    world.shard.receive({ type: "configure", settings: [settings({ schedule: DAILY })] });
    while (world.shard.step());
    world.shard.tick();
    expect(occurrences(world)).toEqual(before);
  });

  it("[SCHED-3] follows its calendar, and a change of it", () => {
    const world = scheduled({ ...DAILY, calendarId: "bank", freeDayRule: "SKIP" });
    const calendar = {
      calendarId: "bank",
      name: "Bank",
      zone: "UTC",
      workdays: [1, 2, 3, 4, 5],
      coversUntil: null,
    };
    world.shard.receive({ type: "calendars", calendars: [{ ...calendar, days: [] }] });
    world.tickTo(T0 + HOUR, 4_000);
    expect(occurrences(world).at(-1)?.state).toBe("late");
    const days = [
      { day: "2026-11-24", kind: "FREE" as const, label: "feast" },
      { day: "2026-11-23", kind: "FREE" as const, label: "feast" },
    ];
    world.shard.receive({ type: "calendars", calendars: [{ ...calendar, days }] });
    expect(occurrences(world)).toEqual([]);
  });
});
