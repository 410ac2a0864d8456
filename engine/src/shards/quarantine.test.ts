import { describe, expect, it } from "vitest";
import { JobActor } from "../jobs/job-actor.ts";
import { needsNewestRuns } from "../jobs/job-state.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import type { Observation } from "../model/fact.ts";
import { executionIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { Piece } from "../ports/stores.ts";
import { MemoryLog } from "../simulation/memory-log.ts";
import { MemoryStore } from "../simulation/memory-store.ts";
import type { FromShard } from "./messages.ts";
import { partitionsOf } from "./partitions-of.ts";
import { Shard } from "./shard.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const encoder = new TextEncoder();

function fact(name: string, run: string, kind: Observation["kind"], minute: number): Observation {
  return {
    type: "observation",
    jobId: jobIdOf("s", "n", name),
    executionId: executionIdOf("s", "n", name, run),
    namespace: "n",
    name,
    teamId: "team",
    runKey: run,
    kind,
    occurredAt: T0 + minute * 60_000,
  };
}

class Poisoned extends JobActor {
  override apply(...[given, record]: Parameters<JobActor["apply"]>): ReturnType<JobActor["apply"]> {
    if (given.kind === "log") throw new Error("cannot follow this");
    return super.apply(given, record);
  }
}

/** One shard over a journal and a store that outlive it. */
class Bench {
  readonly store = new MemoryStore(joinStoredSummaries);
  readonly log = new MemoryLog();
  rows = new Map<string, BoardChange>();
  pieces: Piece[] = [];
  shard: Shard;
  poisoned = true;
  now = T0;

  constructor() {
    this.shard = this.start(1);
  }

  start(count: number, index = 0): Shard {
    const sent: FromShard[] = [];
    const { store, log } = this;
    this.shard = new Shard({
      index,
      count,
      reader: log.reader(),
      clock: { now: () => this.now },
      makeActor: (partition, memory, world) =>
        this.poisoned
          ? new Poisoned(partition, memory, world)
          : new JobActor(partition, memory, world),
      send: (message) => sent.push(message),
    });
    this.#sent = sent;
    const partitions = partitionsOf(index, count);
    const { term, marks } = store.claim(partitions);
    const states = store.loadStates(partitions, null).map((stored) => {
      const newestRuns = store.newestRuns([stored.job.jobId])[0]?.runs ?? [];
      return needsNewestRuns(stored) ? { ...stored, newestRuns } : stored;
    });
    this.shard.receive({ type: "load", states });
    this.shard.receive({ type: "letters", letters: store.loadLetters(partitions, null) });
    this.shard.receive({ type: "start", term, marks, end: log.end });
    return this.shard;
  }

  #sent: FromShard[] = [];

  say(...facts: Observation[]): void {
    this.log.append(
      facts.map((one) => ({
        partition: partitionOf(one.jobId),
        receivedAt: one.occurredAt,
        contract: "native" as const,
        sourceId: "s",
        bytes: encoder.encode(JSON.stringify([one])),
      })),
    );
    this.shard.receive({ type: "end", end: this.log.end });
    this.settle();
  }

  settle(): void {
    for (let cut = 0; cut < 8; cut += 1) {
      while (this.shard.step());
      this.shard.beginCut();
      for (let one = this.#sent.shift(); one !== undefined; one = this.#sent.shift()) {
        if (one.type === "rows") for (const row of one.rows) this.rows.set(row.key, row);
        if (one.type === "piece") this.#save(one.piece);
        while (this.shard.step());
      }
    }
  }

  #save(piece: Piece): void {
    this.pieces.push(piece);
    try {
      this.shard.receive({ type: "saved", saved: this.store.save(piece) });
    } catch (error) {
      const { message } = error as Error;
      this.shard.receive({ type: "save-failed", message, refused: true });
    }
  }

  row(name: string, run: string): RunRow | undefined {
    return this.rows.get(`run:${executionIdOf("s", "n", name, run)}`) as RunRow | undefined;
  }

  get marks(): ReadonlySet<number> {
    return new Set(this.store.tables.marks.values());
  }

  stateOf(name: string, run: string): string | undefined {
    return this.store.tables.runs.get(executionIdOf("s", "n", name, run))?.columns.state;
  }
}

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
    expect(JSON.stringify(bench.row("bad", "1")?.evidence)).toContain("later ones are not kept");
    expect(bench.marks).toEqual(new Set([bench.log.end]));
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
