import { describe, expect, it } from "vitest";
import type { JournalRecord, LineageNote, PositionedRecord } from "../model/fact.ts";
import { executionIdOf } from "../model/ids.ts";
import { JobActor } from "../jobs/job-actor.ts";
import { LIMITS } from "../model/limits.ts";
import { MANY_PARTITIONS } from "../model/record/record-format.ts";
import { encodeRecord } from "../model/record/record-writer.ts";
import type { FromShard } from "./messages.ts";
import { Shard } from "./shard.ts";
import { factOf as fact, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

function noteRecord(index: number): JournalRecord {
  const note: LineageNote = {
    type: "lineage",
    noteId: `note-${index}`,
    subject: "job",
    namespace: "n",
    name: `job-${index}`,
    occurredAt: T0,
    body: "{}",
  };
  const bytes = Buffer.from(JSON.stringify([note]));
  return { partition: 0, receivedAt: T0, contract: "openlineage", sourceId: "s", bytes };
}

describe("a shard", () => {
  it("shows a run at once and saves a transition without waiting for a cut", () => {
    const world = new World();
    world.append(fact("load", "1", "started", 0));
    expect(world.row("load", "1").state).toBe("running");
    expect(world.pieces).toHaveLength(1);
    expect(world.pieces[0]?.mark).toBeNull();
    // What may wake somebody goes before what shows it.
    const said = world.messages.map(({ type }) => type);
    expect(said.lastIndexOf("piece")).toBeLessThan(said.lastIndexOf("rows"));
  });

  it("has one piece under way, and marks only what a cut has saved", () => {
    const world = new World();
    world.append(fact("load", "1", "started", 0), fact("post", "1", "started", 0));
    world.shard.beginCut();
    expect(world.pieces).toHaveLength(1);
    world.settle();
    expect(world.mark).toBe(2);
    expect(world.runs.size).toBe(2);
  });

  it("saves what changes at once in one piece, as far as its limits go, and a cut goes on beside it [UNIT-3]", () => {
    const world = new World();
    const { urgentUnitsPerPiece, unitsPerPiece } = LIMITS;
    const count = 3 * urgentUnitsPerPiece;
    const begin = (run: string) =>
      Array.from({ length: count }, (_, job) => fact(`job-${job}`, run, "started", 0));
    world.append(...begin("1"));
    expect(world.pieces.map(({ units }) => units.length)).toEqual([urgentUnitsPerPiece]);
    world.shard.beginCut();
    world.append(...begin("2"));
    const sizes: number[] = [];
    for (let piece = world.pieces.shift(); piece !== undefined; piece = world.pieces.shift()) {
      sizes.push(piece.units.length);
      world.shard.saved(world.commit(piece));
    }
    expect(sizes[1]).toBe(urgentUnitsPerPiece + unitsPerPiece);
    expect(Math.max(...sizes)).toBe(urgentUnitsPerPiece + unitsPerPiece);
  });

  it("saves notes in pieces of their own size, the mark with the last, and reads on when they are saved [UNIT-3]", () => {
    const world = new World();
    const count = LIMITS.unsavedNotesPerShard + LIMITS.notesPerPiece;
    world.appendRecords(Array.from({ length: count }, (_, index) => noteRecord(index)));
    const most = () => Math.max(...world.pieces.map(({ units }) => units.length));
    const marks: (number | undefined)[] = [];
    for (let cuts = 0; cuts < 3; cuts += 1) {
      world.shard.beginCut();
      for (let piece = world.pieces[0]; piece !== undefined; piece = world.pieces[0]) {
        expect(most()).toBeLessThanOrEqual(LIMITS.notesPerPiece);
        marks.push(piece.mark?.position);
        world.pieces.shift();
        world.shard.saved(world.commit(piece));
      }
      while (world.shard.step());
    }
    expect(world.notes.size).toBe(count);
    expect(marks.filter((mark) => mark !== undefined).at(-1)).toBe(count);
    expect(marks.findIndex((mark) => mark !== undefined)).toBeGreaterThan(
      LIMITS.unsavedNotesPerShard / LIMITS.notesPerPiece - 2,
    );
  });

  it("loses nothing when a save fails", () => {
    const world = new World();
    world.append(fact("load", "1", "started", 0));
    world.pieces.shift();
    world.shard.saveFailed();
    world.settle();
    expect(world.runs.get(world.row("load", "1").executionId)?.state).toBe("running");
    expect(world.mark).toBe(1);
  });

  it("starts again from the store and the journal with the same rows", () => {
    const world = new World();
    world.append(fact("load", "1", "started", 0, { businessDate: "2026-11-23" }));
    world.settle();
    world.append(
      fact("load", "1", "failed", 60_000, { message: "no file", businessDate: "2026-11-23" }),
      fact("load", "2", "started", 120_000, { businessDate: "2026-11-23" }),
      fact("load", "2", "succeeded", 180_000, { businessDate: "2026-11-23" }),
    );
    const before = new Map(world.rows);
    world.rows.clear();
    world.pieces.length = 0;
    world.boot();
    while (world.shard.step());
    expect(world.rows).toEqual(before);
    expect(world.row("load", "2").attempt).toBe(2);
    expect(world.row("load", "1").clearedBy).toBe(world.row("load", "2").executionId);
  });

  it("joins a late fact of a run that only the store remembers", () => {
    const world = new World();
    for (let run = 0; run < 80; run += 1) {
      world.append(
        fact("tick", String(run), "started", run * 60_000),
        fact("tick", String(run), "succeeded", run * 60_000 + 1_000, { message: `run ${run}` }),
      );
      world.settle();
    }
    world.append(fact("tick", "3", "log", 200 * 60_000, { params: { note: "late" } }));
    world.settle();
    const stored = world.runs.get(executionIdOf("s", "n", "tick", "3"));
    expect(stored?.state).toBe("succeeded");
    expect(stored?.summary).toContain("late");
    expect(world.row("tick", "3").state).toBe("succeeded");
  });

  it("shows a new run of a job with a long past although the store does not answer [SUP-5]", () => {
    const world = new World();
    for (let run = 0; run < 80; run += 1) {
      world.append(
        fact("tick", String(run), "started", run * 60_000),
        fact("tick", String(run), "succeeded", run * 60_000 + 1_000),
      );
      world.settle();
    }
    world.append(fact("tick", "new", "started", 200 * 60_000));
    expect(world.row("tick", "new").state).toBe("running");
    world.append(fact("tick", "new", "failed", 201 * 60_000, { message: "no file" }));
    expect(world.row("tick", "new").state).toBe("failed");
    world.settle();
    expect(world.runs.get(executionIdOf("s", "n", "tick", "new"))?.state).toBe("failed");
  });

  it("turns an unreadable record into a dead letter and goes on", () => {
    const world = new World();
    world.journal.push({
      position: 1,
      partition: 0,
      receivedAt: T0,
      contract: "native",
      sourceId: "s",
      bytes: Buffer.from("{"),
    });
    world.append(fact("load", "1", "started", 0));
    expect(world.messages.filter((message) => message.type === "dead-letter")).toHaveLength(1);
    expect(world.shard.stats.deadLetters).toBe(1);
    expect(world.row("load", "1").state).toBe("running");
  });

  it("passes over nothing when a read ends with its bytes before its rows", () => {
    const sent: FromShard[] = [];
    const large = { message: "x".repeat(LIMITS.journalReadBytes / 2) };
    const journal = Array.from({ length: 7 }, (_, run): PositionedRecord => ({
      position: run + 1,
      partition: MANY_PARTITIONS,
      receivedAt: T0,
      contract: "native",
      sourceId: "s",
      bytes: encodeRecord(new Map([[0, [fact("load", String(run), "started", run, large)]]]), T0),
    }));
    const shard = new Shard({
      index: 0,
      count: 1,
      clock: { now: () => T0 },
      send: (message) => sent.push(message),
      reader: {
        readAfter: (position) => journal.slice(position, position + 2),
        end: () => journal.length,
        close: () => {},
      },
    });
    shard.start(1, [{ partition: 0, position: 0 }], journal.length);
    while (shard.step());
    expect(shard.stats).toMatchObject({ position: 7, factsApplied: 7 });
  });

  it("[I6] reads no further while very many runs of few jobs wait to be saved", () => {
    class Laden extends JobActor {
      override get unsaved(): number {
        return LIMITS.unsavedRowsPerShard * super.unsaved;
      }
    }
    const world = new World();
    const facts = Array.from({ length: 4 * LIMITS.journalReadRows }, (_, run) =>
      fact("load", String(run), "started", run),
    );
    world.append(...facts);
    const { journal } = world;
    const sent: FromShard[] = [];
    const shard = new Shard({
      index: 0,
      count: 1,
      clock: { now: () => T0 },
      send: (message) => sent.push(message),
      makeActor: (partition, memory, jobs) => new Laden(partition, memory, jobs),
      reader: {
        readAfter: (position, _index, _count, limit) => journal.slice(position, position + limit),
        end: () => journal.length,
        close: () => {},
      },
    });
    shard.start(1, [{ partition: 0, position: 0 }], journal.length);
    while (shard.step());
    expect(shard.stats.position).toBeLessThan(journal.length);
    for (let one = sent.shift(); one !== undefined; one = sent.shift()) {
      if (one.type === "piece") shard.saved(world.commit(one.piece));
      while (shard.step());
    }
    expect(shard.stats.position).toBe(journal.length);
  });

  it("stops only when everything it read is saved", () => {
    const world = new World();
    world.append(fact("load", "1", "started", 0));
    world.shard.stop();
    world.shard.step();
    expect(world.messages.some((message) => message.type === "stopped")).toBe(false);
    world.settle();
    expect(world.messages.some((message) => message.type === "stopped")).toBe(true);
    expect(world.mark).toBe(1);
  });
});
