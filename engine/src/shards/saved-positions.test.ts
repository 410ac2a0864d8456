import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JobActor } from "../jobs/job-actor.ts";
import type { JournalRecord, Observation } from "../model/fact.ts";
import { executionIdOf, jobIdOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { StoredJobState } from "../ports/stores.ts";
import { MemoryLog } from "../simulation/memory-log.ts";
import type { FromShard } from "./messages.ts";
import { SavedPositions } from "./saved-positions.ts";
import { Shard } from "./shard.ts";
import { fact } from "./test-facts.ts";
import { World } from "./test-world.ts";

const NOBODY = { lostPartitions: [], amended: [] };

function of(name: string, kind: Observation["kind"], at: number): Observation {
  const executionId = executionIdOf("s", "n", name, "1");
  return { ...fact("1", kind, at), jobId: jobIdOf("s", "n", name), executionId, name };
}

/** Each job begins, then each says two times more how far it is: three facts a record, fewer records than one step reads. */
function recordsOf(jobs: number): JournalRecord[] {
  return Array.from({ length: jobs }, (_, record) => {
    const facts = [0, 1, 2].map((more) => {
      const at = 3 * record + more;
      return of(`job-${at % jobs}`, at < jobs ? "started" : "progress", at);
    });
    return recordOf(facts);
  });
}

function recordOf(facts: readonly Observation[]): JournalRecord {
  const [first] = facts;
  const bytes = Buffer.from(JSON.stringify(facts));
  const receivedAt = first?.occurredAt ?? 0;
  return { partition: 0, receivedAt, contract: "native", sourceId: "s", bytes };
}

/** A life that ends after so many of its pieces were committed. Returns the jobs that they saved. */
function shortLife(world: World, pieces: number): string[] {
  world.pieces.length = 0;
  world.boot();
  while (world.shard.step());
  world.shard.beginCut();
  const saved: string[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const next = world.pieces.shift();
    if (next === undefined) break;
    for (const { job } of next.units) if (job !== null) saved.push(job.jobId);
    world.shard.saved(world.commit(next));
    while (world.shard.step());
  }
  return saved;
}

describe("a saved job says up to where it goes [UNIT-11]", () => {
  it("so that lives which save less than they take in do not save the same again", () => {
    const world = new World();
    const jobs = 450;
    expect(jobs).toBeLessThan(LIMITS.journalReadRows);
    world.appendRecords(recordsOf(jobs));
    const saved: string[] = [];
    let lives = 0;
    // Twice as many as it takes.
    for (; lives < 10; lives += 1) {
      const some = shortLife(world, 1);
      if (some.length === 0) break;
      saved.push(...some);
    }
    expect(lives).toBeGreaterThan(3);
    expect(saved).toHaveLength(jobs);
    expect(new Set(saved).size).toBe(jobs);
    expect(world.mark).toBe(jobs);
  });

  it("and what is read again is neither applied nor waits to be saved, and is on the board all the same", () => {
    const world = new World();
    world.append(of("a", "started", 0), of("b", "started", 1), of("a", "progress", 2));
    // Of this life the store got the units, not the mark.
    world.shard.beginCut();
    for (let piece = world.pieces.shift(); piece !== undefined; piece = world.pieces.shift()) {
      world.commit({ ...piece, mark: null });
      world.shard.saved(NOBODY);
    }
    world.rows.clear();
    world.boot();
    while (world.shard.step());
    expect(world.mark).toBe(0);
    expect(world.shard.stats).toMatchObject({ factsApplied: 0, unsavedJobs: 0, position: 3 });
    expect([world.row("a", "1").state, world.row("b", "1").state]).toEqual(["running", "running"]);
    world.append(of("a", "succeeded", 3));
    expect(world.shard.stats).toMatchObject({ factsApplied: 1 });
    expect(world.row("a", "1").state).toBe("succeeded");
  });

  it("and never less far than it did, though the shard has not read so far again", () => {
    const world = new World();
    world.append(...Array.from({ length: 9 }, (_, at) => of("a", "progress", at)));
    world.shard.beginCut();
    const [piece] = world.pieces.splice(0);
    if (piece === undefined) throw new Error("nothing is saved");
    // The state holds a run that the store has not joined yet, so it is saved again at once.
    const [unit] = piece.units;
    const state = (unit?.job?.state ?? "").replace('"complete":true', '"complete":false');
    world.commit({ ...piece, mark: null });
    const [[jobId, stored]] = [...world.states] as [[string, StoredJobState]];
    world.states.set(jobId, { ...stored, state });
    world.boot();
    world.shard.beginCut();
    const [again] = world.pieces.splice(0);
    expect(again?.units).toMatchObject([{ position: 9, job: { jobId } }]);
  });

  it("and a job that is given up keeps as letters only what is beyond", () => {
    class Poisoned extends JobActor {
      override apply(
        ...[one, record]: Parameters<JobActor["apply"]>
      ): ReturnType<JobActor["apply"]> {
        if (one.message === "poison") throw new Error("a defect");
        return super.apply(one, record);
      }
    }
    const world = new World();
    world.append(of("a", "started", 0), of("a", "progress", 1));
    world.shard.beginCut();
    for (const piece of world.pieces.splice(0)) world.commit({ ...piece, mark: null });
    const log = new MemoryLog();
    const facts = [
      of("a", "started", 0),
      of("a", "progress", 1),
      of("a", "progress", 2),
      { ...of("a", "progress", 3), message: "poison" },
    ];
    log.append(facts.map((one) => recordOf([one])));
    const sent: FromShard[] = [];
    const shard = new Shard({
      index: 0,
      count: 1,
      reader: log.reader(),
      clock: { now: () => 0 },
      send: (message) => sent.push(message),
      makeActor: (partition, memory, known) => new Poisoned(partition, memory, known),
    });
    shard.load([...world.states.values()]);
    shard.start(1, [{ partition: 0, position: 0 }], log.end);
    while (shard.step());
    const letters = sent.flatMap((one) =>
      one.type === "piece" ? (one.piece.letters?.kept ?? []) : [],
    );
    const kept = letters.map(({ body }) => (JSON.parse(body) as Observation).occurredAt);
    expect(kept).toEqual([2, 3].map((at) => facts[at]?.occurredAt));
  });

  it("whatever lives there were, the same facts end in the same rows [I2]", () => {
    const names = ["a", "b", "c", "d"];
    const said = fc.record({
      name: fc.constantFrom(...names),
      kind: fc.constantFrom<Observation["kind"]>("started", "progress", "failed", "succeeded"),
      at: fc.integer({ min: 0, max: 50 }),
    });
    const life = fc.record({
      facts: fc.array(said, { maxLength: 8 }),
      pieces: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 12 }), (lives) => {
        const [broken, whole] = [new World(), new World()];
        for (const { facts, pieces } of lives) {
          const all = facts.map(({ name, kind, at }) => of(name, kind, at));
          broken.append(...all);
          whole.append(...all);
          shortLife(broken, pieces);
        }
        const ends = [broken, whole].map((world) => {
          world.settle();
          return [...world.runs].sort(([a], [b]) => (a < b ? -1 : 1));
        });
        expect(ends[0]).toEqual(ends[1]);
      }),
      { numRuns: 60 },
    );
  });
});

it("forgets saved positions once the journal was read beyond all of them", () => {
  const saved = new SavedPositions();
  saved.put("a", 5);
  saved.put("b", 9);
  saved.readTo(8);
  expect([saved.hold("a", 5), saved.hold("a", 6), saved.hold("b", 9), saved.of("b")]).toEqual([
    true,
    false,
    true,
    9,
  ]);
  saved.readTo(9);
  expect([saved.of("a"), saved.of("b"), saved.hold("b", 9)]).toEqual([0, 0, false]);
});
