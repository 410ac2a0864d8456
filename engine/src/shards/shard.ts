import { JobActor } from "../jobs/job-actor.ts";
import { decodeJobState } from "../jobs/job-state.ts";
import type { Fact, Observation, PositionedRecord } from "../model/fact.ts";
import { partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import { RecordReader, type Section } from "../model/record/record-reader.ts";
import type { BoardChange } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { JournalReader } from "../ports/partition-log.ts";
import type { SavedPiece, StoredJobState } from "../ports/stores.ts";
import { Cutter } from "./cut.ts";
import type { FromShard, ShardStats, ToShard } from "./messages.ts";
import { RowPacer } from "./row-pacer.ts";
import { ShardKnowledge } from "./shard-knowledge.ts";

export interface ShardOptions {
  readonly index: number;
  readonly count: number;
  readonly reader: JournalReader;
  readonly clock: Clock;
  readonly send: (message: FromShard) => void;
}

/**
 * The thread-free core of a shard: owns the jobs of its partitions, reads the journal, tells the board what
 * changed and the store what to save. Live and recovery are the same loop. The thread that hosts it calls
 * `step` until it returns false, and `beginCut` once a second.
 */
export class Shard {
  readonly #options: ShardOptions;
  readonly #partitions: readonly number[];
  readonly #jobs = new Map<string, JobActor>();
  readonly #changed = new Set<JobActor>();
  /** Of these, the ones whose rows do not wait for the pacer. */
  readonly #urgent = new Set<JobActor>();
  readonly #pacer = new RowPacer();
  readonly #records = new RecordReader();
  readonly #hosts: (partition: number) => boolean;
  /** What the main thread told it that no fact says: settings, calendars, blind intervals. */
  readonly #knowledge = new ShardKnowledge();
  #cutter: Cutter | null = null;
  #position = 0;
  #end = 0;
  #catchUpEnd: number | null = null;
  #stopping = false;
  #factsApplied = 0;
  #deadLetters = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    const { index, count } = options;
    this.#partitions = partitionsOf(index, count);
    this.#hosts = (partition) => partition % count === index;
  }

  /** Everything the main thread says to it, by type. */
  receive(message: ToShard): void {
    const handle: { [T in ToShard["type"]]: (message: Extract<ToShard, { type: T }>) => void } = {
      load: ({ states }) => this.load(states),
      start: ({ term, position, end }) => this.start(term, position, end),
      end: ({ end }) => this.reached(end),
      saved: ({ saved }) => this.saved(saved),
      "save-failed": () => this.saveFailed(),
      configure: ({ settings }) => this.#knowledge.configure(settings),
      calendars: ({ calendars }) => this.#knowledge.setCalendars(calendars),
      blind: ({ intervals }) => this.#knowledge.setBlind(intervals),
      contact: ({ sourceId, at }) => this.#knowledge.contact(sourceId, at),
      reload: () => {},
      stop: () => this.stop(),
    };
    (handle[message.type] as (message: ToShard) => void)(message);
  }

  load(states: readonly StoredJobState[]): void {
    for (const stored of states) {
      const actor = new JobActor(stored.partition, decodeJobState(stored));
      this.#jobs.set(actor.jobId, actor);
      this.#changed.add(actor);
    }
  }

  start(term: number, position: number, end: number): void {
    this.#cutter = new Cutter(this.#partitions, term, position);
    this.#position = position;
    this.#catchUpEnd = end;
    this.#end = Math.max(this.#end, end);
    this.#sendRows();
  }

  reached(end: number): void {
    this.#end = Math.max(this.#end, end);
  }

  stop(): void {
    this.#stopping = true;
  }

  get stats(): ShardStats {
    return {
      shard: this.#options.index,
      position: this.#position,
      jobs: this.#jobs.size,
      unsavedJobs: this.#cutter?.unsaved ?? 0,
      factsApplied: this.#factsApplied,
      deadLetters: this.#deadLetters,
    };
  }

  /** Reads one stretch of the journal. Returns whether there is more to read right now. */
  step(): boolean {
    const cutter = this.#cutter;
    if (cutter === null) return false;
    const full = cutter.unsaved >= LIMITS.dirtyJobsPerShard;
    if (full) cutter.beginCut(this.#position);
    if (!full && this.#position < this.#end) this.#readStretch();
    this.#sendRows();
    this.#announceCaughtUp();
    this.#sendPiece();
    if (this.#stopping) this.#finish();
    return !full && this.#position < this.#end;
  }

  /** After how many milliseconds `step` should be called again for rows that wait; null when none does. */
  get rowsWaitMs(): number | null {
    if (this.#changed.size === 0) return null;
    return Math.max(1, this.#pacer.waitMs(this.#options.clock.now()));
  }

  /** Once a second: everything dirty is saved up to here. */
  beginCut(): void {
    this.#sendRows(true);
    this.#cutter?.beginCut(this.#position);
    this.#sendPiece();
  }

  saved(result: SavedPiece): void {
    this.#cutter?.saved(result);
    if (result.lostPartitions.length > 0) {
      this.#options.send({ type: "lost", partitions: result.lostPartitions });
    }
    for (const { columns } of result.amended) {
      const actor = this.#jobs.get(columns.jobId);
      if (actor !== undefined) this.#changed.add(actor);
    }
    this.#sendRows();
    this.#sendPiece();
    if (this.#stopping) this.#finish();
  }

  saveFailed(): void {
    this.#cutter?.failed();
  }

  #readStretch(): void {
    const { reader, index, count } = this.#options;
    const target = this.#end;
    const records = reader.readAfter(this.#position, index, count, LIMITS.journalReadRows);
    for (const record of records) this.#applyRecord(record);
    const last = records.at(-1)?.position ?? this.#position;
    const bytes = records.reduce((sum, record) => sum + record.bytes.byteLength, 0);
    const cutShort = records.length >= LIMITS.journalReadRows || bytes >= LIMITS.journalReadBytes;
    this.#position = cutShort ? last : Math.max(target, last);
  }

  #applyRecord(record: PositionedRecord): void {
    let sections: readonly Section[];
    try {
      sections = this.#records.read(record.bytes, record.partition, this.#hosts);
    } catch (error) {
      this.#deadLetter(record, error);
      return;
    }
    for (const { partition, facts } of sections) {
      for (const fact of facts) this.#applyFact(fact, partition, record);
    }
  }

  #applyFact(fact: Fact, partition: number, record: PositionedRecord): void {
    try {
      if (fact.type === "observation") this.#observe(fact, record);
      else {
        const { receivedAt, sourceId } = record;
        this.#cutter?.keep(partition, { ...fact, receivedAt, sourceId });
      }
      this.#factsApplied += 1;
    } catch (error) {
      this.#deadLetter(record, error);
    }
  }

  #observe(fact: Observation, record: PositionedRecord): void {
    let actor = this.#jobs.get(fact.jobId);
    if (actor === undefined) {
      actor = newJob(fact, record);
      this.#jobs.set(fact.jobId, actor);
    }
    const effect = actor.apply(fact, record);
    if (effect === "none") return;
    this.#changed.add(actor);
    if (effect === "transition") this.#urgent.add(actor);
    this.#cutter?.touched(actor, effect === "transition");
  }

  #deadLetter(record: PositionedRecord, error: unknown): void {
    this.#deadLetters += 1;
    const { sourceId, contract, receivedAt, position } = record;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.send({
      type: "dead-letter",
      letter: { sourceId, contract, receivedAt, position, reason },
    });
  }

  /** Sends the rows that may go now, or all of them. */
  #sendRows(all = false): void {
    if (this.#changed.size === 0) return;
    const now = this.#options.clock.now();
    const sendAll = all || this.#pacer.waitMs(now) === 0;
    const rows: BoardChange[] = [];
    for (const actor of sendAll ? this.#changed : this.#urgent) {
      for (const row of actor.takeRows()) rows.push(row);
      this.#changed.delete(actor);
    }
    this.#urgent.clear();
    if (sendAll) this.#pacer.sent(rows.length, now);
    if (rows.length > 0) this.#options.send({ type: "rows", rows });
  }

  #announceCaughtUp(): void {
    if (this.#catchUpEnd === null || this.#position < this.#catchUpEnd) return;
    this.#sendRows(true);
    this.#catchUpEnd = null;
    this.#options.send({ type: "caught-up", stats: this.stats });
  }

  #sendPiece(): void {
    const piece = this.#cutter?.next() ?? null;
    if (piece !== null) this.#options.send({ type: "piece", piece });
  }

  #finish(): void {
    const cutter = this.#cutter;
    if (cutter === null || this.#position < this.#end) return;
    if (cutter.isClean(this.#position)) {
      this.#stopping = false;
      this.#sendRows(true);
      this.#options.send({ type: "stopped" });
      return;
    }
    cutter.beginCut(this.#position);
    this.#sendPiece();
  }
}

/** Partitions that shard `index` of `count` hosts. */
export function partitionsOf(index: number, count: number): readonly number[] {
  return Array.from({ length: LIMITS.partitions }, (_, partition) => partition).filter(
    (partition) => partition % count === index,
  );
}

function newJob(fact: Observation, record: PositionedRecord): JobActor {
  return new JobActor(partitionOf(fact.jobId), {
    face: {
      jobId: fact.jobId,
      name: fact.name,
      namespace: fact.namespace,
      teamId: fact.teamId,
      tier: null,
    },
    sourceId: record.sourceId,
    firstSeenAt: fact.occurredAt,
    lastSeenAt: fact.occurredAt,
    forgotSome: false,
    digests: [],
    runs: [],
  });
}
