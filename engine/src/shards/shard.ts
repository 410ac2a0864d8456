import { type Effect, JobActor } from "../jobs/job-actor.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import { decodeJobState } from "../jobs/job-state.ts";
import type { Fact, Observation, PositionedRecord } from "../model/fact.ts";
import { partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar } from "../model/schedule.ts";
import type { BoardChange } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { JournalReader } from "../ports/partition-log.ts";
import type { SavedPiece, StoredJobState } from "../ports/stores.ts";
import { Cutter } from "./cut.ts";
import type { FromShard, ShardStats, ToShard } from "./messages.ts";
import { ShardClocks } from "./shard-clocks.ts";
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
 * `step` until it returns false, `tick` a few times a second and `beginCut` once a second.
 */
export class Shard {
  readonly #options: ShardOptions;
  readonly #partitions: readonly number[];
  readonly #jobs = new Map<string, JobActor>();
  readonly #changed = new Set<JobActor>();
  readonly #decoder = new TextDecoder();
  /** What the main thread told it that no fact says: settings, calendars, blind intervals. */
  readonly #knowledge = new ShardKnowledge();
  readonly #clocks: ShardClocks = new ShardClocks(this.#knowledge, (actor, mustSave) => {
    this.#changed.add(actor);
    if (mustSave) this.#cutter?.touched(actor, true);
  });
  #cutter: Cutter | null = null;
  #position = 0;
  #end = 0;
  #catchUpEnd: number | null = null;
  /** Receipt of the newest record read: all that was received before it is known. Epoch ms. */
  #readUntil = 0;
  #stopping = false;
  #factsApplied = 0;
  #deadLetters = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    this.#partitions = partitionsOf(options.index, options.count);
  }

  /** Everything the main thread says to it, by type. */
  receive(message: ToShard): void {
    const handle: { [T in ToShard["type"]]: (message: Extract<ToShard, { type: T }>) => void } = {
      load: ({ states }) => this.load(states),
      start: ({ term, position, end }) => this.start(term, position, end),
      end: ({ end }) => this.reached(end),
      saved: ({ saved }) => this.saved(saved),
      "save-failed": () => this.saveFailed(),
      configure: ({ settings }) => this.#configure(settings),
      calendars: ({ calendars }) => this.#setCalendars(calendars),
      blind: ({ intervals }) => this.#setBlind(intervals),
      contact: ({ sourceId, at }) => this.#contact(sourceId, at),
      reload: () => {},
      stop: () => this.stop(),
    };
    (handle[message.type] as (message: ToShard) => void)(message);
  }

  load(states: readonly StoredJobState[]): void {
    for (const stored of states) {
      const actor = new JobActor(stored.partition, decodeJobState(stored), this.#knowledge);
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

  /** A few times a second: judges the jobs whose deadline is past [CLOCK-12]. */
  tick(): void {
    if (!this.#judging) return;
    const now = this.#options.clock.now();
    const known = this.#position >= this.#end ? now : Math.min(now, this.#readUntil);
    if (this.#clocks.tick(now, known)) this.#judgeAll((actor) => actor.openRuns > 0);
    this.#sendRows();
    this.#sendPiece();
  }

  /** Once a second: everything dirty is saved up to here. */
  beginCut(): void {
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
      if (actor === undefined) continue;
      this.#changed.add(actor);
      this.#clocks.arm(actor);
      if (actor.dirty) this.#cutter?.touched(actor, true);
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
    this.#position = records.length < LIMITS.journalReadRows ? Math.max(target, last) : last;
  }

  #applyRecord(record: PositionedRecord): void {
    this.#readUntil = record.receivedAt;
    if (this.#judging) this.#clocks.know(record.receivedAt);
    if (this.#knowledge.blind.contact(record.sourceId, record.receivedAt)) {
      this.#clocks.judgeWaiting(record.sourceId);
    }
    let facts: readonly Fact[];
    try {
      facts = JSON.parse(this.#decoder.decode(record.bytes)) as Fact[];
    } catch (error) {
      this.#deadLetter(record, error);
      return;
    }
    for (const fact of facts) {
      try {
        if (fact.type === "observation") this.#observe(fact, record);
        else {
          const { receivedAt, sourceId } = record;
          this.#cutter?.keep(record.partition, { ...fact, receivedAt, sourceId });
        }
        this.#factsApplied += 1;
      } catch (error) {
        this.#deadLetter(record, error);
      }
    }
  }

  #observe(fact: Observation, record: PositionedRecord): void {
    let actor = this.#jobs.get(fact.jobId);
    if (actor === undefined) {
      actor = newJob(fact, record, this.#knowledge);
      this.#jobs.set(fact.jobId, actor);
    }
    const effect = actor.apply(fact, record);
    if (effect === "none") return;
    this.#took(actor, effect);
  }

  #took(actor: JobActor, effect: Effect): void {
    this.#changed.add(actor);
    this.#cutter?.touched(actor, effect === "transition");
    if (effect === "transition") this.#clocks.arm(actor);
  }

  /** Nothing is judged before the journal was read to the end that it had at the start [CLOCK-2]. */
  get #judging(): boolean {
    return this.#cutter !== null && this.#catchUpEnd === null;
  }

  #judgeAll(which: (actor: JobActor) => boolean): void {
    for (const actor of this.#jobs.values()) if (which(actor)) this.#clocks.judge(actor);
  }

  #configure(settings: readonly JobSettings[]): void {
    this.#knowledge.configure(settings);
    for (const { jobId } of settings) {
      const actor = this.#jobs.get(jobId);
      if (actor === undefined) continue;
      const mustSave = actor.configured();
      this.#changed.add(actor);
      if (mustSave) this.#cutter?.touched(actor, true);
      this.#clocks.arm(actor);
    }
    this.#sendRows();
  }

  #setCalendars(calendars: readonly Calendar[]): void {
    this.#knowledge.setCalendars(calendars);
    this.#judgeAll((actor) => this.#knowledge.settingsOf(actor.jobId)?.schedule != null);
    this.#sendRows();
  }

  #setBlind(intervals: readonly BlindInterval[]): void {
    this.#knowledge.blind.put(intervals);
    this.#judgeAll((actor) => actor.openRuns > 0 || actor.waits);
    this.#sendRows();
  }

  #contact(sourceId: string, at: number): void {
    if (!this.#knowledge.blind.contact(sourceId, at)) return;
    this.#clocks.judgeWaiting(sourceId);
    this.#sendRows();
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

  #sendRows(): void {
    if (this.#changed.size === 0) return;
    const rows: BoardChange[] = [];
    for (const actor of this.#changed) rows.push(...actor.takeRows());
    this.#changed.clear();
    if (rows.length > 0) this.#options.send({ type: "rows", rows });
  }

  #announceCaughtUp(): void {
    if (this.#catchUpEnd === null || this.#position < this.#catchUpEnd) return;
    this.#catchUpEnd = null;
    this.#clocks.know(this.#options.clock.now());
    this.#judgeAll(() => true);
    this.#sendRows();
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

function newJob(fact: Observation, record: PositionedRecord, world: JobWorld): JobActor {
  const memory = {
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
  };
  return new JobActor(partitionOf(fact.jobId), memory, world);
}
