import { describe, expect, it } from "vitest";
import { executionIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { MemoryStore } from "../simulation/memory-store.ts";
import type { FromShard } from "./messages.ts";
import { partitionsOf } from "./partitions-of.ts";
import { Shard } from "./shard.ts";
import { T0 } from "./test-facts.ts";
import { Bench, fact } from "../simulation/test-quarantine.ts";

describe("a job that cannot be followed [UNIT-6]", () => {
  it("is shown as unknown with the reason; its facts are kept and the mark moves on", () => {
    const bench = new Bench();
    bench.say(fact("bad", "1", "started", 0), fact("good", "1", "started", 0));
    bench.say(fact("bad", "1", "log", 1), fact("bad", "1", "succeeded", 2));
    bench.say(fact("good", "1", "succeeded", 3));
    expect(bench.row("bad", "1")).toMatchObject({
      state: "unknown",
      evidence: [{ code: "quarantined", reason: "cannot follow this" }],
    });
    expect(bench.row("good", "1")?.state).toBe("succeeded");
    expect(bench.marks).toEqual(new Set([bench.log.end]));
    const kept = bench.store
      .loadLetters(partitionsOf(0, 1), null)
      .map(({ body }) => JSON.parse(body).kind);
    expect(kept.sort()).toEqual(["log", "succeeded"]);
    expect(bench.shard.stats).toMatchObject({ quarantinedJobs: 1, unsavedJobs: 0 });
  });

  it("keeps what was applied but not yet saved when it fails", () => {
    const bench = new Bench();
    bench.say(
      fact("bad", "1", "started", 0),
      fact("bad", "1", "succeeded", 1),
      fact("bad", "2", "log", 2),
    );
    expect(bench.stateOf("bad", "1")).toBeUndefined();
    expect(bench.store.loadLetters(partitionsOf(0, 1), null)).toHaveLength(3);
  });

  it("has a stand-in row while no run of it is open, gone once it is released", () => {
    const bench = new Bench();
    bench.say(fact("bad", "1", "log", 0));
    const key = `run:quarantine-${jobIdOf("s", "n", "bad")}`;
    expect(bench.rows.get(key)).toMatchObject({ state: "unknown", occurrence: true });
    bench.poisoned = false;
    bench.start(1);
    bench.settle();
    expect(bench.rows.get(key)).toMatchObject({ kind: "gone" });
  });

  it("is tried again at the next start, and its letters go with the unit that saves them", () => {
    const bench = new Bench();
    bench.say(fact("bad", "1", "started", 0), fact("bad", "1", "log", 1));
    bench.say(fact("bad", "1", "succeeded", 2));
    bench.start(1);
    bench.settle();
    expect(bench.row("bad", "1")?.state).toBe("unknown");
    expect(bench.shard.stats.quarantinedJobs).toBe(1);
    bench.poisoned = false;
    bench.start(1);
    bench.settle();
    expect(bench.row("bad", "1")).toMatchObject({ state: "succeeded", evidence: [] });
    expect(bench.stateOf("bad", "1")).toBe("succeeded");
    expect(bench.store.tables.letters.size).toBe(0);
  });

  it("keeps no more than its limit of facts, and its row says so", () => {
    const bench = new Bench();
    bench.say(fact("bad", "1", "started", 0), fact("bad", "1", "log", 0));
    const many = Array.from({ length: LIMITS.lettersPerJob + 5 }, (_, n) =>
      fact("bad", "1", "progress", n / 100),
    );
    bench.say(...many);
    expect(bench.store.tables.letters.size).toBe(LIMITS.lettersPerJob);
    expect(JSON.stringify(bench.row("bad", "1")?.evidence)).toContain("no more are kept");
    expect(bench.marks).toEqual(new Set([bench.log.end]));
  });
});

describe("a job of which a stored part cannot be read [UNIT-6]", () => {
  const bad = jobIdOf("s", "n", "bad");
  const damages: [string, (tables: MemoryStore["tables"]) => void][] = [
    [
      "a stored run",
      ({ runs }) => {
        const id = executionIdOf("s", "n", "bad", "old");
        const run = runs.get(id);
        if (run !== undefined) runs.set(id, { ...run, summary: "{" });
      },
    ],
    [
      "its state, and what it would be rebuilt from",
      ({ jobs, runs }) => {
        const state = '{"version":4,"digests":"","forgotSome":false}';
        for (const [id, job] of jobs) if (id === bad) jobs.set(id, { ...job, state });
        for (const [id, run] of runs) {
          if (run.columns.jobId === bad) runs.set(id, { ...run, summary: "{" });
        }
      },
    ],
    [
      "a letter",
      ({ letters }) => {
        const head = { letterId: "1", jobId: bad, partition: partitionOf(bad), sourceId: "s" };
        letters.set("1", { ...head, contract: "native", receivedAt: T0, reason: "", body: "{" });
      },
    ],
  ];

  it.each(damages)("%s: it is unknown with the reason, the others go on", (_what, damage) => {
    const bench = new Bench();
    for (let run = 0; run < LIMITS.endedRunsInMemory + 2; run += 1) {
      const key = run === 0 ? "old" : `${run}`;
      bench.say(fact("bad", key, "started", run), fact("bad", key, "succeeded", run + 0.5));
    }
    bench.say(fact("good", "1", "started", 30));
    damage(bench.store.tables);
    bench.rows.clear();
    bench.start(1);
    bench.settle();
    expect(bench.rows.get(`run:quarantine-${bad}`)).toMatchObject({
      state: "unknown",
      evidence: [{ code: "quarantined", reason: expect.stringMatching(/./) as string }],
    });
    expect(bench.row("good", "1")?.state).toBe("running");
    const before = bench.store.tables.letters.size;
    bench.say(fact("bad", "new", "failed", 31), fact("good", "1", "succeeded", 32));
    expect(bench.row("good", "1")?.state).toBe("succeeded");
    expect(bench.store.tables.letters.size).toBe(before + 1);
    expect(bench.marks).toEqual(new Set([bench.log.end]));
  });

  it("a state of this version with a part missing is rebuilt from stored runs [UNIT-7]", () => {
    const bench = new Bench();
    bench.say(fact("load", "open", "started", 0));
    const { jobs } = bench.store.tables;
    const state = '{"version":4,"digests":"","forgotSome":false}';
    for (const [jobId, stored] of jobs) jobs.set(jobId, { ...stored, state });
    bench.rows.clear();
    bench.start(1);
    bench.settle();
    expect(bench.row("load", "open")).toMatchObject({ state: "running", evidence: [] });
  });
});

describe("very many jobs that cannot be followed [UNIT-6]", () => {
  it("are read again together, in turns, and the mark waits for their letters", () => {
    const bench = new Bench();
    const names = Array.from({ length: 240 }, (_, n) => `bad-${n}`);
    let reads = 0;
    bench.onRead = () => (reads += 1);
    bench.append(...names.map((name) => fact(name, "1", "started", 0)));
    bench.append(...names.map((name) => fact(name, "1", "log", 1)));
    bench.settle();
    // Twice through the journal, and once more for what each read finds to be the end.
    expect(reads).toBeLessThan(20);
    expect(bench.shard.stats.quarantinedJobs).toBe(names.length);
    expect(bench.store.tables.letters.size).toBe(2 * names.length);
    expect(bench.marks).toEqual(new Set([bench.log.end]));
    bench.poisoned = false;
    bench.start(1);
    bench.settle();
    for (const name of names) expect(bench.stateOf(name, "1")).toBe("running");
  });

  it("lose nothing in a process that dies before all is read again", () => {
    const bench = new Bench();
    const progress = Array.from({ length: 2 * LIMITS.journalReadRows }, (_, n) =>
      fact("bad", "1", "progress", n / 100),
    );
    bench.append(fact("bad", "1", "started", 0), ...progress, fact("bad", "1", "log", 20));
    while (bench.shard.stats.quarantinedJobs === 0) bench.shard.step();
    for (let cut = 0; cut < 3; cut += 1) {
      bench.shard.beginCut();
      bench.deliver();
    }
    expect(bench.shard.stats.unsavedJobs).toBe(1);
    expect(Math.max(...bench.marks)).toBeLessThan(bench.log.end);
    bench.start(1);
    bench.settle();
    expect(bench.store.tables.letters.size).toBeGreaterThan(progress.length);
  });
});

describe("a unit that the store refuses [UNIT-5]", () => {
  it("is sent alone three times and then given up; the others of its piece are saved at once", () => {
    const bench = new Bench();
    const bad = jobIdOf("s", "n", "bad");
    bench.store.refuses = (piece) => piece.units.some((unit) => unit.job?.jobId === bad);
    const names = ["bad", ...Array.from({ length: 6 }, (_, n) => `good-${n}`)];
    bench.say(...names.map((name) => fact(name, "1", "started", 0)));
    const alone = bench.pieces.filter(
      (piece) => piece.units[0]?.job?.jobId === bad && piece.units.length === 1,
    );
    expect(alone).toHaveLength(LIMITS.refusalsPerUnit);
    for (const name of names.slice(1)) expect(bench.stateOf(name, "1")).toBe("running");
    expect(bench.row("bad", "1")).toMatchObject({ state: "unknown" });
    expect(bench.marks).toEqual(new Set([bench.log.end]));
    expect(bench.store.tables.letters.size).toBe(1);
    bench.store.refuses = () => false;
    bench.start(1);
    bench.settle();
    expect(bench.stateOf("bad", "1")).toBe("running");
    expect(bench.store.tables.letters.size).toBe(0);
  });

  it("has no letters when it is refused for what a clock said: all its facts are stored [UNIT-6]", () => {
    const bench = new Bench();
    bench.say(fact("load", "1", "started", 0));
    expect(bench.stateOf("load", "1")).toBe("running");
    bench.store.refuses = ({ units }) => units.length > 0;
    bench.now = T0 + 48 * 3_600_000;
    bench.shard.tick();
    bench.settle();
    expect(bench.row("load", "1")).toMatchObject({
      state: "unknown",
      evidence: [{ code: "quarantined" }],
    });
    expect(bench.shard.stats).toMatchObject({ quarantinedJobs: 1, unsavedJobs: 0, deadLetters: 0 });
    expect(bench.store.tables.letters.size).toBe(0);
    bench.store.refuses = () => false;
    bench.start(1);
    bench.settle();
    bench.shard.tick();
    bench.settle();
    expect(bench.row("load", "1")).toMatchObject({ evidence: [{ code: "silent" }] });
    expect(bench.stateOf("load", "1")).toBe("unknown");
  });

  it("is not given up while the store is away, however often that is", () => {
    const bench = new Bench();
    const sent: FromShard[] = [];
    const { store, log } = bench;
    const shard = new Shard({
      index: 0,
      count: 1,
      reader: log.reader(),
      clock: { now: () => T0 },
      send: (message) => sent.push(message),
    });
    const { term, marks } = store.claim(partitionsOf(0, 1));
    shard.start(term, marks, 0);
    bench.say(fact("load", "1", "started", 0));
    shard.reached(log.end);
    for (let times = 0; times < 10; times += 1) {
      shard.step();
      shard.beginCut();
      shard.receive({ type: "save-failed", message: "away", refused: false });
    }
    expect(sent.filter((message) => message.type === "piece").length).toBeGreaterThan(5);
    expect(shard.stats).toMatchObject({ quarantinedJobs: 0, unsavedJobs: 1 });
  });
});

describe("job state of another version [UNIT-7]", () => {
  it.each(["{", "null", '{"version":0}', '{"version":99,"runs":[]}'])(
    "%s is rebuilt from the newest stored runs",
    (state) => {
      const bench = new Bench();
      for (let run = 0; run < 6; run += 1) {
        bench.say(fact("load", `${run}`, "started", run * 10));
        bench.say(fact("load", `${run}`, "succeeded", run * 10 + 1));
      }
      bench.say(fact("load", "open", "started", 70));
      const { jobs } = bench.store.tables;
      for (const [jobId, stored] of jobs) jobs.set(jobId, { ...stored, state });
      bench.rows.clear();
      bench.start(1);
      bench.settle();
      expect(bench.row("load", "open")).toMatchObject({
        state: "running",
        usualDurationMs: 60_000,
      });
      expect(bench.row("load", "5")?.state).toBe("succeeded");
      bench.say(fact("load", "open", "failed", 72), fact("load", "0", "progress", 80));
      expect(bench.stateOf("load", "open")).toBe("failed");
      expect(bench.stateOf("load", "0")).toBe("succeeded");
    },
  );
});

describe("another number of shards [UNIT-8]", () => {
  it("goes on from each partition's own mark", () => {
    const bench = new Bench();
    const names = Array.from({ length: 8 }, (_, n) => `job-${n}`);
    const [first, second] = [0, 1].map((odd) =>
      names.filter((name) => partitionOf(jobIdOf("s", "n", name)) % 2 === odd),
    );
    bench.start(2, 0);
    bench.say(...names.map((name) => fact(name, "1", "started", 0)));
    for (const name of first ?? []) expect(bench.stateOf(name, "1")).toBe("running");
    for (const name of second ?? []) expect(bench.stateOf(name, "1")).toBeUndefined();
    const { marks } = bench.store.tables;
    expect([marks.get(0), marks.get(1)]).toEqual([bench.log.end, 0]);
    bench.pieces = [];
    bench.start(1);
    bench.settle();
    for (const name of names) expect(bench.stateOf(name, "1")).toBe("running");
    expect(bench.shard.stats.factsApplied).toBe(second?.length);
    expect(bench.marks).toEqual(new Set([bench.log.end]));
  });
});
