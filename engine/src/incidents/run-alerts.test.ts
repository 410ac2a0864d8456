import { describe, expect, it } from "vitest";
import type { AlertLevel } from "../model/alert.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import { executionIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { commits, ended, fact, MINUTE, SECOND, settings, T0 } from "../shards/test-facts.ts";
import { World } from "../shards/test-world.ts";
import { joinLevel } from "./join-level.ts";
import { alertOf, alertsOf, restart, storedRun, tell, tick } from "./test-alerts.ts";

const HOUR = 60 * MINUTE;
const DAY = { businessDate: "2026-11-23" };
const STAGE = { name: "read", index: 0 };

describe("failed", () => {
  it("[ALERT-3, ALERT-9] holds from the end until a later attempt succeeds, and names the attempt that is under way", () => {
    const world = new World();
    const parent = { executionId: "p", namespace: "n", name: "chain", runKey: "7" };
    tell(world, MINUTE, fact("1", "started", 0, { ...DAY, parent, stage: STAGE }));
    tell(world, MINUTE, fact("1", "failed", MINUTE, { ...DAY, message: "no file" }));
    expect(alertOf(world, "failed", "1")).toMatchObject({
      firing: true,
      since: T0 + MINUTE,
      card: {
        jobId: jobIdOf("s", "n", "load"),
        jobName: "load",
        namespace: "n",
        sourceId: "s",
        teamId: "team",
        tier: 2,
        executionId: executionIdOf("s", "n", "load", "1"),
        runKey: "1",
        instanceKey: "date:2026-11-23",
        attempt: 1,
        parentExecutionId: "p",
        businessDate: "2026-11-23",
        stage: "read",
        message: "no file",
        evidence: [],
        recovering: null,
      },
    });
    tell(world, 5 * MINUTE, fact("2", "started", 5 * MINUTE, DAY));
    const recovering = {
      executionId: executionIdOf("s", "n", "load", "2"),
      attempt: 2,
      startedAt: T0 + 5 * MINUTE,
    };
    expect(alertOf(world, "failed", "1")?.card.recovering).toEqual(recovering);
    tell(world, 6 * MINUTE, fact("2", "failed", 6 * MINUTE, DAY));
    expect(alertOf(world, "failed", "1")).toMatchObject({
      firing: true,
      card: { recovering: null },
    });
    expect(alertOf(world, "failed", "2")).toMatchObject({ firing: true, card: { attempt: 2 } });
    tell(world, 9 * MINUTE, ...ended("3", 7 * MINUTE, 2 * MINUTE, "2026-11-23"));
    for (const run of ["1", "2"]) {
      expect(alertOf(world, "failed", run)).toMatchObject({
        firing: false,
        endedAt: T0 + 9 * MINUTE,
        ending: "cleared",
        openings: 1,
      });
    }
  });

  it("[ALERT-3] is retracted by a later terminal fact, and another date's success clears nothing", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    tell(world, 3 * MINUTE, ...ended("2", 2 * MINUTE, MINUTE, "2026-11-24"));
    expect(alertOf(world, "failed", "1")?.firing).toBe(true);
    tell(world, 4 * MINUTE, fact("1", "succeeded", 4 * MINUTE, DAY));
    expect(alertOf(world, "failed", "1")).toMatchObject({
      endedAt: T0 + 4 * MINUTE,
      ending: "retracted",
    });
  });

  it("[ALERT-10] a cure that turns out to have failed opens it again", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    tell(world, 3 * MINUTE, ...ended("2", 2 * MINUTE, MINUTE, "2026-11-23"));
    expect(alertOf(world, "failed", "1")?.firing).toBe(false);
    tell(world, 4 * MINUTE, fact("2", "failed", 4 * MINUTE, DAY));
    expect(alertOf(world, "failed", "1")).toMatchObject({ firing: true, openings: 2 });
  });

  it("[ALERT-9] of a run that memory has let go names the attempt too, and ends with it", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    for (let n = 1; n <= 8; n += 1) {
      tell(
        world,
        (n + 1) * 10 * MINUTE,
        ...ended(`d${n}`, n * 10 * MINUTE, MINUTE, `2026-10-0${n}`),
      );
    }
    tell(world, 2 * HOUR, fact("2", "started", 2 * HOUR, DAY));
    world.settle();
    expect(alertOf(world, "failed", "1")?.card).toMatchObject({
      message: null,
      recovering: { attempt: 2, startedAt: T0 + 2 * HOUR },
    });
    tell(world, 3 * HOUR, fact("2", "succeeded", 3 * HOUR, DAY));
    world.settle();
    expect(alertOf(world, "failed", "1")).toMatchObject({
      ending: "cleared",
      endedAt: T0 + 3 * HOUR,
    });
  });
});

describe("stalled", () => {
  it("[ALERT-5] holds from its deadline and is cleared by the next commit, by the end, and by a later attempt", () => {
    const world = new World();
    tell(world, 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    tick(world, 10 * MINUTE);
    expect(alertOf(world, "stalled", "1")).toMatchObject({
      firing: true,
      since: T0 + 7 * MINUTE,
      card: { stage: "read", evidence: [{ code: "standing-still" }] },
    });
    tell(world, 11 * MINUTE, fact("1", "progress", 11 * MINUTE, { stage: STAGE }));
    expect(alertOf(world, "stalled", "1")).toMatchObject({
      ending: "cleared",
      endedAt: T0 + 11 * MINUTE,
    });
    tick(world, 100 * MINUTE);
    expect(alertOf(world, "stalled", "1")).toMatchObject({ firing: true, openings: 2 });
    tell(world, 110 * MINUTE, fact("1", "failed", 109 * MINUTE));
    expect(alertOf(world, "stalled", "1")).toMatchObject({ endedAt: T0 + 109 * MINUTE });
    expect(alertOf(world, "failed", "1")?.firing).toBe(true);
  });

  it("[ALERT-2, ALERT-5] is over when its stage is, however silent the run is afterwards", () => {
    const world = new World();
    tell(world, 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    tick(world, 10 * MINUTE);
    tick(world, 90 * MINUTE);
    world.at(T0 + 90 * MINUTE, fact("1", "succeeded", 3 * MINUTE, { stage: STAGE }));
    world.settle();
    tick(world, 150 * MINUTE);
    expect(world.row("load", "1").state).toBe("unknown");
    expect(alertOf(world, "stalled", "1")).toMatchObject({
      ending: "cleared",
      endedAt: T0 + 3 * MINUTE,
    });
  });

  it("[ALERT-1] goes on while its source is not to be seen, and is judged again behind that", () => {
    const world = new World();
    tell(world, 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    tick(world, 10 * MINUTE);
    const silent: BlindInterval = {
      intervalId: "silent",
      sourceId: "s",
      reason: "SOURCE_SILENT",
      from: T0 + 9 * MINUTE,
      until: null,
    };
    world.shard.receive({ type: "blind", intervals: [silent] });
    tick(world, 20 * MINUTE);
    expect(world.row("load", "1").state).toBe("unknown");
    expect(alertOf(world, "stalled", "1")?.firing).toBe(true);
    const until = T0 + 20 * MINUTE;
    world.shard.receive({ type: "blind", intervals: [{ ...silent, until }] });
    tell(world, 21 * MINUTE, fact("1", "progress", 21 * MINUTE, { stage: STAGE }));
    expect(alertOf(world, "stalled", "1")?.firing).toBe(false);
  });

  it("[ALERT-1] is not ended while a start reads on, not even if that dies too, but once it has read everything", () => {
    const world = new World();
    tell(world, 2 * MINUTE, ...commits("1", 6, 20 * SECOND));
    tick(world, 10 * MINUTE);
    world.now = T0 + 11 * MINUTE;
    const missed = [
      fact("1", "progress", 11 * MINUTE, { stage: STAGE }),
      ...Array.from({ length: LIMITS.journalReadRows }, (_, n) => fact("2", "log", n)),
    ];
    const records = missed.map((one, index) => ({
      position: world.journal.length + index + 1,
      partition: partitionOf(one.jobId),
      receivedAt: world.now,
      contract: "native" as const,
      sourceId: "s",
      bytes: Buffer.from(JSON.stringify([one])),
    }));
    world.journal.push(...records);
    world.boot();
    world.shard.step();
    const piece = world.pieces.shift();
    expect(piece?.units[0]?.runs).not.toEqual([]);
    if (piece !== undefined) world.commit(piece);
    expect(alertOf(world, "stalled", "1")?.firing).toBe(true);
    restart(world);
    expect(alertOf(world, "stalled", "1")?.ending).toBe("cleared");
  });
});

describe("a job's levels", () => {
  it("[ALERT-6] an ordinary run says nothing, not even after a restart", () => {
    const world = new World();
    tell(world, 0, fact("1", "scheduled", 0, DAY));
    tell(world, MINUTE, ...commits("1", 4, 10 * SECOND));
    restart(world);
    tell(world, 2 * MINUTE, fact("1", "succeeded", 2 * MINUTE, DAY));
    tell(world, 3 * MINUTE, fact("1", "log", 3 * MINUTE, { message: "done" }));
    tell(world, HOUR, fact("old", "failed", -50 * HOUR, { historical: true }));
    expect(world.levels).toEqual([]);
  });

  it("[ALERT-6] the end of a level in a save that failed is said again", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    world.at(T0 + 4 * MINUTE, fact("1", "succeeded", 4 * MINUTE, DAY));
    expect(world.pieces.shift()?.units).toMatchObject([{ alerts: [{ holds: false }] }]);
    world.shard.saveFailed();
    world.settle();
    expect(alertOf(world, "failed", "1")?.ending).toBe("retracted");
  });

  it("[ALERT-6] the end of a level is said though the run had left memory", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    for (let n = 1; n <= 8; n += 1) {
      tell(
        world,
        (n + 1) * 10 * MINUTE,
        ...ended(`d${n}`, n * 10 * MINUTE, MINUTE, `2026-10-0${n}`),
      );
    }
    tell(world, 2 * HOUR, fact("1", "succeeded", 2 * HOUR, DAY));
    world.settle();
    expect(alertOf(world, "failed", "1")?.ending).toBe("retracted");
  });

  it("[ALERT-10] said again after a restart they change nothing", () => {
    const world = new World();
    tell(world, 0, fact("late", "scheduled", 0));
    tell(world, 2 * MINUTE, ...commits("slow", 6, 20 * SECOND));
    tell(world, 3 * MINUTE, fact("bad", "started", 0), fact("bad", "failed", 3 * MINUTE));
    tick(world, HOUR);
    const before = alertsOf(world);
    expect([...before.values()].map(({ firing }) => firing)).toEqual([true, true, true]);
    restart(world);
    tell(world, HOUR, fact("bad", "log", 4 * MINUTE, { message: "see above" }));
    expect(alertsOf(world)).toEqual(before);
  });

  it.each([{ lifecycle: "RETIRED" as const }, { monitored: false }])(
    "[ALERT-7] of a job that is %o end, also of what memory has let go, and what failed lately is said when it is back",
    (change) => {
      const world = new World();
      tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
      for (let n = 1; n <= 8; n += 1) {
        tell(
          world,
          (n + 1) * 10 * MINUTE,
          ...ended(`d${n}`, n * 10 * MINUTE, MINUTE, `2026-10-0${n}`),
        );
      }
      tell(world, 2 * HOUR, ...commits("slow", 6, 20 * SECOND, 110 * MINUTE));
      tell(world, 2 * HOUR, fact("bad", "started", 0), fact("bad", "failed", 2 * HOUR));
      tick(world, 3 * HOUR);
      world.shard.receive({ type: "configure", settings: [settings(change)] });
      world.settle();
      const endings = ["1", "bad"].map((run) => alertOf(world, "failed", run)?.ending);
      expect([...endings, alertOf(world, "stalled", "slow")?.ending]).toEqual([
        "retired",
        "retired",
        "retired",
      ]);
      tell(world, 4 * HOUR, fact("off", "started", 4 * HOUR), fact("off", "failed", 4 * HOUR));
      expect(alertOf(world, "failed", "off")).toBeUndefined();
      restart(world, () => world.shard.receive({ type: "configure", settings: [settings({})] }));
      expect(alertOf(world, "failed", "off")?.firing).toBe(true);
      for (const run of ["1", "bad"]) {
        expect(alertOf(world, "failed", run)).toMatchObject({ firing: true, openings: 2 });
      }
      expect(alertOf(world, "stalled", "slow")).toMatchObject({ firing: true, openings: 2 });
    },
  );

  it("[ALERT-11] carry what people set on the job, and say it again when it changes", () => {
    const world = new World();
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    const set = {
      tier: 1,
      firstStep: "Restart it.",
      runbookUrl: "https://runbooks.example/load",
    } as const;
    world.shard.receive({
      type: "configure",
      settings: [settings({ ...set, ownerTeamId: "payments", name: "Load" })],
    });
    world.settle();
    const card = alertOf(world, "failed", "1")?.card;
    expect(card).toMatchObject({ ...set, teamId: "payments", jobName: "Load" });
    const said = world.levels.length;
    world.shard.receive({
      type: "configure",
      settings: [settings({ ...set, ownerTeamId: "payments", name: "Load" })],
    });
    world.settle();
    expect(world.levels).toHaveLength(said);
  });

  it("[ALERT-9] the attempt under way comes with the run budget that is set", () => {
    const world = new World();
    const clocks = { ...settings({}).clocks, runBudgetMs: 40 * MINUTE };
    world.shard.receive({ type: "configure", settings: [settings({ clocks })] });
    tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
    tell(world, 5 * MINUTE, fact("2", "started", 5 * MINUTE, DAY));
    expect(alertOf(world, "failed", "1")?.card.recovering).toMatchObject({
      attempt: 2,
      budgetMs: 40 * MINUTE,
    });
  });

  it("[ALERT-11] of runs that a rename brought are said as the job's own", () => {
    const world = new World();
    const moved = storedRun("moved", fact("moved", "started", 0), fact("moved", "failed", MINUTE));
    tell(world, HOUR, fact("1", "started", HOUR));
    world.shard.receive({
      type: "reload",
      jobs: [{ jobId: jobIdOf("s", "n", "load"), newestRuns: [moved] }],
    });
    world.settle();
    expect(alertOf(world, "failed", "moved")).toMatchObject({
      firing: true,
      card: { jobId: jobIdOf("s", "n", "load") },
    });
  });
});

it("[ALERT-12] a unit says the datasets of its ended runs, each once", () => {
  const world = new World();
  const lineage = {
    inputs: [{ namespace: "db", name: "accounts" }],
    outputs: [
      { namespace: "db", name: "ledger", rows: 7 },
      { namespace: "db", name: "ledger" },
    ],
  };
  world.at(T0, fact("1", "started", 0, lineage));
  expect(world.pieces.flatMap(({ units }) => units.map((unit) => unit.datasets))).toEqual([
    undefined,
  ]);
  world.settle();
  world.at(T0 + MINUTE, fact("1", "succeeded", MINUTE, lineage));
  expect(world.pieces.flatMap(({ units }) => units.map((unit) => unit.datasets))).toEqual([
    [
      { direction: "in", dataset: "db/accounts" },
      { direction: "out", dataset: "db/ledger" },
    ],
  ]);
});

it("[ALERT-10] levels joined with the stored alert: the same changes nothing, an end ends only what fires", () => {
  const world = new World();
  tell(world, MINUTE, fact("1", "started", 0, DAY), fact("1", "failed", MINUTE, DAY));
  const [said] = world.levels;
  const end: AlertLevel = {
    rule: "failed",
    subject: said?.subject ?? "",
    holds: false,
    since: T0,
    ending: "cleared",
  };
  if (said === undefined) throw new Error("nothing was said");
  expect(joinLevel(null, end)).toBeNull();
  const first = joinLevel(null, said);
  expect(first).toMatchObject({ firing: true, version: 1, openings: 1, handledVersion: 0 });
  expect(joinLevel(first, said)).toBeNull();
  const over = joinLevel(first, end);
  expect(over).toMatchObject({ firing: false, version: 2, endedAt: T0, ending: "cleared" });
  expect(joinLevel(over, end)).toBeNull();
  expect(joinLevel(over, said)).toMatchObject({ firing: true, version: 3, openings: 2 });
});
