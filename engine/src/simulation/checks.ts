import { partitionOf } from "../model/ids.ts";
import { joinFact } from "../jobs/join-fact.ts";
import { emptySummary } from "../jobs/run-summary.ts";
import { decodeSummary, encodeSummary } from "../jobs/summary-codec.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import type { Observation, PositionedRecord } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { PartitionMark, Piece, SavedPiece } from "../ports/stores.ts";
import type { ShardStats } from "../shards/messages.ts";
import { factsIn } from "./ledger.ts";
import { require } from "./violation.ts";
import type { World } from "./world.ts";

/**
 * The invariants, seen from outside: from what the journal took and what is in the store, never from what
 * the engine says of itself. Every method fails with a `Violation`.
 */
export class Checks {
  /** Jobs whose facts lie between an older copy of the store and the truncation of the journal. */
  readonly uncertainJobs: Set<string> = new Set();
  /** Times a store older than the journal's truncation was met. */
  gaps = 0;
  /** How often the store refused a unit that was sent alone, by its job. */
  readonly refusals: Map<string, number> = new Map();
  readonly #world: World;
  /** Newest claimed term of each partition, by this store. */
  readonly #terms = new Map<number, number>();
  /** Largest mark of each partition seen in this store. */
  #marks = new Map<number, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** I3: terms only grow. */
  claimed(partitions: readonly number[], term: number): void {
    for (const partition of partitions) {
      const known = this.#terms.get(partition) ?? 0;
      require(term > known, "I3", () => `partition ${partition} was claimed again with ${term}`);
      this.#terms.set(partition, term);
    }
  }

  /** UNIT-9: a store older than the journal's truncation is seen at the start. */
  storeIsBehind(marks: readonly PartitionMark[]): BlindInterval | null {
    const smallest = Math.min(...marks.map((mark) => mark.position));
    if (smallest >= this.#world.log.truncatedTo) return null;
    this.gaps += 1;
    const now = this.#world.wall();
    return {
      intervalId: `restored-${now}`,
      sourceId: null,
      reason: "STORE_RESTORED",
      from: now - 3_600_000,
      until: now,
    };
  }

  /** I1: a 2xx means that the journal has it. */
  acknowledged(records: readonly PositionedRecord[]): void {
    const { log } = this.#world;
    for (const { position } of records) {
      const kept =
        position <= log.truncatedTo ||
        (position <= log.end && log.records.some((record) => record.position === position));
      require(kept, "I1", () => `position ${position} was acknowledged and is not in the journal`);
    }
  }

  /** I6: no piece is larger than its limits. */
  piece({ units, letters }: Piece): void {
    const jobs = units.filter((unit) => unit.job !== null).length;
    require(jobs <= LIMITS.urgentUnitsPerPiece + LIMITS.unitsPerPiece, "I6", () =>
      `a piece of ${jobs} units`);
    const kept = letters?.kept.length ?? 0;
    require(kept <= LIMITS.lettersPerPiece, "I6", () => `a piece of ${kept} letters`);
  }

  /** I6: what a shard holds unsaved is bounded: the limit, and at most one stretch above it. */
  shard({ unsavedJobs }: ShardStats): void {
    const most = LIMITS.dirtyJobsPerShard + LIMITS.journalReadRows;
    require(unsavedJobs <= most, "I6", () => `${unsavedJobs} unsaved jobs`);
  }

  /** I9: live is not claimed before everything known at the start was read. */
  caughtUp(stats: ShardStats, endAtStart: number): void {
    require(stats.position >= endAtStart, "I9", () =>
      `shard ${stats.shard} says it has caught up at ${stats.position} of ${endAtStart}`);
  }

  /** UNIT-5: what the store refuses is counted; only a job whose unit was refused alone may be given up for it. */
  refused({ units }: Piece): void {
    const [unit] = units;
    if (units.length !== 1 || unit?.job == null) return;
    const { jobId } = unit.job;
    this.refusals.set(jobId, (this.refusals.get(jobId) ?? 0) + 1);
  }

  /** I3: a stale owner's piece changes nothing; marks only grow. */
  saving(piece: Piece, save: () => SavedPiece): SavedPiece {
    const { tables } = this.#world.store;
    const isStale = (partition: number) => piece.term < (this.#terms.get(partition) ?? 0);
    const someAreStale = piece.units.some((unit) => isStale(unit.partition));
    const rowsOfStale = () =>
      piece.units
        .filter((unit) => isStale(unit.partition))
        .flatMap((unit) => [
          tables.jobs.get(unit.job?.jobId ?? ""),
          ...unit.runs.map((run) => tables.runs.get(run.columns.executionId)),
        ]);
    const before = someAreStale ? rowsOfStale() : [];
    const saved = save();
    const after = someAreStale ? rowsOfStale() : [];
    require(before.every((row, at) => row === after[at]), "I3", () =>
      `term ${piece.term} wrote a unit of a partition that a newer term owns`);
    if (piece.mark === null) return saved;
    for (const [partition, position] of tables.marks) {
      const known = this.#marks.get(partition) ?? 0;
      if (position === known) continue;
      this.#marks.set(partition, position);
      require(position >= known, "I3", () => `the mark of ${partition} went back to ${position}`);
      const isNamed = piece.mark.partitions.includes(partition);
      require(isNamed && !isStale(partition), "I3", () =>
        `term ${piece.term} moved the mark of partition ${partition}, which ${isNamed ? "a newer term owns" : "its piece does not name"}`);
    }
    return saved;
  }

  /** I1: what leaves the journal is in the store. */
  truncated(removed: readonly PositionedRecord[]): void {
    const { ledger, log, store } = this.#world;
    const smallest = Math.min(...store.tables.marks.values());
    require(log.truncatedTo <= smallest || this.gaps > 0, "I1", () =>
      `the journal was truncated to ${log.truncatedTo}, the smallest mark is ${smallest}`);
    const byRun = new Map<string, Received[]>();
    for (const record of removed) {
      for (const fact of factsIn(record) ?? []) {
        if (fact.type === "lineage") {
          const kept = store.tables.notes.has(fact.noteId);
          require(kept, "I1", () => `note ${fact.noteId} left the journal and is not stored`);
          continue;
        }
        const facts = byRun.get(fact.executionId);
        const one = { fact, receivedAt: record.receivedAt };
        if (facts === undefined) byRun.set(fact.executionId, [one]);
        else facts.push(one);
      }
    }
    for (const [executionId, facts] of byRun) {
      const jobId = facts[0]?.fact.jobId ?? "";
      if (this.uncertainJobs.has(jobId)) continue;
      // Stored is the fold of all that was ever taken, and so of these.
      if (store.tables.runs.get(executionId)?.summary === ledger.expected(executionId)) continue;
      const known = this.#knownInStore(executionId, jobId);
      const with_ = this.#with(known, executionId, facts);
      require(known === with_, "I1", () =>
        `facts of run ${executionId} of job ${jobId} left the journal and are not stored\nstored: ${known}\nwith them: ${with_}`);
    }
  }

  /** I1: at any moment, store, letters and what will be read of the journal hold all that was ever taken. */
  nothingLost(): void {
    const { ledger, log, store } = this.#world;
    const waiting = new Map<string, Received[]>();
    for (const record of log.records) {
      for (const fact of factsIn(record) ?? []) {
        if (fact.type === "lineage") continue;
        if (record.position <= (store.tables.jobs.get(fact.jobId)?.position ?? 0)) continue;
        const facts = waiting.get(fact.executionId);
        const one = { fact, receivedAt: record.receivedAt };
        if (facts === undefined) waiting.set(fact.executionId, [one]);
        else facts.push(one);
      }
    }
    for (const [executionId, run] of ledger.runs) {
      if (this.uncertainJobs.has(run.jobId)) continue;
      const expected = ledger.expected(executionId);
      if (this.#world.store.tables.runs.get(executionId)?.summary === expected) continue;
      const known = this.#knownInStore(executionId, run.jobId);
      const all = this.#with(known, executionId, waiting.get(executionId) ?? []);
      require(all === expected, "I1", () =>
        `run ${executionId} of job ${run.jobId} has lost facts\nkept: ${all}\ntaken: ${expected}`);
    }
  }

  /** The store was replaced by an older copy of itself. */
  restored(): void {
    const { ledger, log, store } = this.#world;
    this.#world.restores += 1;
    this.#world.incidentChecks.restored();
    this.#terms.clear();
    for (const [partition, term] of store.tables.terms) this.#terms.set(partition, term);
    this.#marks = new Map(store.tables.marks);
    for (const { fact, record } of ledger.facts) {
      const mark = store.tables.marks.get(partitionOf(fact.jobId)) ?? 0;
      if (record.position > mark && record.position <= log.truncatedTo) {
        this.uncertainJobs.add(fact.jobId);
      }
    }
  }

  #knownInStore(executionId: string, jobId: string): string {
    const { tables } = this.#world.store;
    const stored = tables.runs.get(executionId)?.summary;
    const letters = lettersOf(this.#world, jobId, executionId);
    if (letters.length === 0) return stored ?? "";
    return this.#with(stored ?? "", executionId, letters);
  }

  #with(stored: string, executionId: string, facts: readonly Received[]): string {
    if (stored === "" && facts.length === 0) return "";
    const first = facts[0]?.fact;
    const run =
      stored === ""
        ? emptySummary(executionId, first?.jobId ?? "", first?.runKey ?? "")
        : decodeSummary(stored);
    for (const { fact, receivedAt } of facts) joinFact(run, fact, receivedAt);
    return encodeSummary(run);
  }
}

interface Received {
  readonly fact: Observation;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

function lettersOf(world: World, jobId: string, executionId: string): Received[] {
  const found: Received[] = [];
  for (const letter of world.store.tables.letters.values()) {
    if (letter.jobId !== jobId) continue;
    const fact = JSON.parse(letter.body) as Observation;
    if (fact.executionId === executionId) found.push({ fact, receivedAt: letter.receivedAt });
  }
  return found;
}
