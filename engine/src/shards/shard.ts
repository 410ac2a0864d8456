import { type Effect, JobActor } from "../jobs/job-actor.ts";
import { newJobMemory } from "../jobs/new-job-memory.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import { decodeJobState, type JobMemory } from "../jobs/job-state.ts";
import type { Fact, Observation, PositionedRecord } from "../model/fact.ts";
import { partitionOf } from "../model/ids.ts";
import { decodeSummary } from "../jobs/summary-codec.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { JournalReader } from "../ports/partition-log.ts";
import type {
  KeptLetter,
  PartitionMark,
  RecentRun,
  SavedPiece,
  StoredJobState,
} from "../ports/stores.ts";
import { Cutter } from "./cut.ts";
import { factsOfJob } from "./facts-of-job.ts";
import type { FromShard, ShardStats, ToShard } from "./messages.ts";
import { partitionsOf } from "./partitions-of.ts";
import { openRunsBySource } from "./open-runs.ts";
import { Renames, trendGone } from "./renames.ts";
import { ShardClocks } from "./shard-clocks.ts";
import { letterOf, Quarantine, standInGone, unreadableLetter } from "./quarantine.ts";
import { ShardKnowledge } from "./shard-knowledge.ts";

export interface ShardOptions {
  readonly index: number;
  readonly count: number;
  readonly reader: JournalReader;
  readonly clock: Clock;
  readonly send: (message: FromShard) => void;
  /** @default a {@link JobActor}; the simulation passes actors of a program with a defect. */
  readonly makeActor?: (partition: number, memory: JobMemory, world: JobWorld) => JobActor;
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
  readonly #quarantine = new Quarantine();
  /** Jobs whose letters have been applied since the start. */
  readonly #released = new Set<JobActor>();
  /** What the main thread told it that no fact says: settings, calendars, blind intervals. */
  readonly #knowledge = new ShardKnowledge();
  readonly #clocks: ShardClocks = new ShardClocks({
    jobs: this.#jobs,
    knowledge: this.#knowledge,
    judged: (actor, mustSave) => {
      this.#changed.add(actor);
      if (mustSave) this.#cutter?.touched(actor, true);
    },
    failed: (actor, error) => this.#giveUp(actor, error, this.#position),
  });
  readonly #renames = new Renames();
  /** Where each partition stood at the start. */
  #marks: ReadonlyMap<number, number> = new Map();
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
      recent: ({ runs }) => this.#showRecent(runs),
      letters: ({ letters }) => this.#tryLetters(letters),
      start: ({ term, marks, end }) => this.start(term, marks, end),
      end: ({ end }) => this.reached(end),
      saved: ({ saved }) => this.saved(saved),
      "save-failed": ({ refused }) => this.saveFailed(refused),
      configure: ({ settings }) => this.#clocks.configure(settings),
      calendars: ({ calendars }) => this.#clocks.setCalendars(calendars),
      blind: ({ intervals }) => this.#clocks.setBlind(intervals),
      contact: ({ sourceId, at }) => this.#clocks.contact(sourceId, at),
      reload: ({ jobs }) => this.#reload(jobs),
      stop: () => this.stop(),
    };
    (handle[message.type] as (message: ToShard) => void)(message);
    if (this.#cutter !== null) this.#sendRows();
  }

  load(states: readonly StoredJobState[]): void {
    for (const stored of states) {
      const actor = this.#makeActor(stored.partition, decodeJobState(stored));
      this.#jobs.set(actor.jobId, actor);
      this.#changed.add(actor);
    }
  }

  /** Reads on from the smallest mark; what another partition has saved beyond it is passed over. */
  start(term: number, marks: readonly PartitionMark[], end: number): void {
    const smallest = Math.min(...marks.map((mark) => mark.position));
    this.#marks = new Map(marks.map((mark) => [mark.partition, mark.position]));
    this.#cutter = new Cutter({
      partitions: this.#partitions,
      term,
      marked: smallest,
      onUnsavable: (actor, error) => this.#giveUp(actor, error, this.#position),
    });
    this.#position = smallest;
    this.#catchUpEnd = end;
    this.#end = Math.max(this.#end, end);
    const gone = [...this.#released].map(({ face }) => standInGone(face.jobId, face.teamId));
    if (gone.length > 0) this.#options.send({ type: "rows", rows: gone });
    for (const actor of this.#released) this.#cutter.released(actor);
    this.#released.clear();
    this.#sendRows();
  }

  /** Rows of runs that the jobs' memory has forgotten and the board has not. */
  #showRecent(runs: readonly RecentRun[]): void {
    const rows = runs.flatMap((run) => {
      const summary = decodeSummary(run.summary);
      return this.#jobs.get(summary.jobId)?.rowOfForgotten(summary, run) ?? [];
    });
    if (rows.length > 0) this.#options.send({ type: "rows", rows });
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
      openRuns: openRunsBySource(this.#jobs.values()),
      deadLetters: this.#deadLetters,
      quarantinedJobs: this.#quarantine.size,
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
    this.#clocks.tick(now, known);
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
    this.#letGo();
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

  saveFailed(refused: boolean = false): void {
    this.#cutter?.failed(refused);
  }

  #readStretch(): void {
    const { reader, index, count } = this.#options;
    const target = this.#end;
    const records = reader.readAfter(this.#position, index, count, LIMITS.journalReadRows);
    for (const record of records) {
      if (record.position > (this.#marks.get(record.partition) ?? 0)) this.#applyRecord(record);
    }
    const last = records.at(-1)?.position ?? this.#position;
    this.#position = records.length < LIMITS.journalReadRows ? Math.max(target, last) : last;
  }

  #applyRecord(record: PositionedRecord): void {
    this.#readUntil = record.receivedAt;
    if (this.#judging) this.#clocks.know(record.receivedAt);
    this.#clocks.contact(record.sourceId, record.receivedAt);
    let facts: readonly Fact[];
    try {
      facts = this.#factsOf(record);
    } catch (error) {
      this.#cutter?.keepLetter(unreadableLetter(record, error));
      this.#report(record, error);
      return;
    }
    for (const fact of facts) {
      if (fact.type === "observation") this.#observe(fact, record);
      else {
        const { receivedAt, sourceId } = record;
        this.#cutter?.keep(record.partition, { ...fact, receivedAt, sourceId });
      }
    }
  }

  #factsOf(record: PositionedRecord): readonly Fact[] {
    return JSON.parse(this.#decoder.decode(record.bytes)) as Fact[];
  }

  #observe(fact: Observation, record: PositionedRecord): void {
    if (this.#quarantine.has(fact.jobId)) {
      this.#keepFact(fact, record);
      return;
    }
    const actor = this.#actorOf(fact, record.sourceId);
    let effect: Effect;
    try {
      effect = actor.apply(fact, record);
    } catch (error) {
      this.#giveUp(actor, error, record.position);
      this.#report(record, error);
      return;
    }
    this.#factsApplied += 1;
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

  #actorOf(fact: Observation, sourceId: string): JobActor {
    let actor = this.#jobs.get(fact.jobId);
    if (actor === undefined) {
      actor = this.#makeActor(partitionOf(fact.jobId), newJobMemory(fact, sourceId));
      this.#jobs.set(fact.jobId, actor);
    }
    return actor;
  }

  #makeActor(partition: number, memory: JobMemory): JobActor {
    const make = this.#options.makeActor;
    if (make !== undefined) return make(partition, memory, this.#knowledge);
    return new JobActor(partition, memory, this.#knowledge);
  }

  #reload(jobs: Extract<ToShard, { type: "reload" }>["jobs"]): void {
    for (const one of jobs) {
      const actor = this.#jobs.get(one.jobId);
      if (actor === undefined) continue;
      this.#renames.reload(actor, one);
      this.#took(actor, "transition");
    }
    this.#sendPiece();
  }

  #letGo(): void {
    for (const actor of this.#renames.takeGone()) {
      this.#jobs.delete(actor.jobId);
      this.#clocks.forget(actor);
      this.#cutter?.drop(actor);
      this.#options.send({ type: "rows", rows: [trendGone(actor)] });
    }
  }

  /** What could not be applied before is tried again; a job that fails again stays in quarantine with all its letters. */
  #tryLetters(letters: readonly KeptLetter[]): void {
    for (const letter of letters) {
      const { jobId } = letter;
      if (jobId === null) continue;
      if (this.#quarantine.has(jobId)) {
        this.#quarantine.mayKeep(jobId);
        continue;
      }
      const fact = JSON.parse(letter.body) as Observation;
      const contract = letter.contract as PositionedRecord["contract"];
      const actor = this.#actorOf(fact, letter.sourceId);
      try {
        actor.apply(fact, { ...letter, contract, position: 0, bytes: NO_BYTES });
        this.#changed.add(actor);
        this.#released.add(actor);
      } catch (error) {
        this.#released.delete(actor);
        this.#giveUp(actor, error, 0);
      }
    }
  }

  /** The job goes into quarantine. What is not saved of it is read again, up to `upTo`, and kept as letters. */
  #giveUp(actor: JobActor, error: unknown, upTo: number): void {
    this.#jobs.delete(actor.jobId);
    this.#changed.delete(actor);
    this.#cutter?.drop(actor);
    this.#clocks.forget(actor);
    this.#quarantine.put(actor.face, actor, error, this.#options.clock.now());
    const range = { from: this.#cutter?.marked ?? upTo, to: upTo };
    const unsaved = factsOfJob(this.#options, actor, range, (record) => this.#factsOf(record));
    for (const [fact, record] of unsaved) this.#keepFact(fact, record);
  }

  #keepFact(fact: Observation, record: PositionedRecord): void {
    this.#deadLetters += 1;
    if (!this.#quarantine.mayKeep(fact.jobId)) return;
    this.#cutter?.keepLetter(letterOf(fact, record, this.#quarantine.reasonOf(fact.jobId)));
  }

  #report(record: PositionedRecord, error: unknown): void {
    const { sourceId, contract, receivedAt, position } = record;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.send({
      type: "dead-letter",
      letter: { sourceId, contract, receivedAt, position, reason },
    });
  }

  #sendRows(): void {
    const rows: BoardChange[] = [];
    for (const actor of this.#changed) {
      try {
        rows.push(...actor.takeRows());
      } catch (error) {
        this.#giveUp(actor, error, this.#position);
      }
    }
    this.#changed.clear();
    rows.push(...this.#quarantine.takeRows());
    if (rows.length > 0) this.#options.send({ type: "rows", rows });
  }

  #announceCaughtUp(): void {
    if (this.#catchUpEnd === null || this.#position < this.#catchUpEnd) return;
    this.#catchUpEnd = null;
    this.#clocks.begin(this.#options.clock.now());
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

const NO_BYTES = new Uint8Array();
