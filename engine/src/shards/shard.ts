import type { Effect, JobActor } from "../jobs/job-actor.ts";
import { faceOf } from "../jobs/job-state.ts";
import type { Observation, PositionedRecord } from "../model/fact.ts";
import type { BoardChange } from "../model/rows.ts";
import { RecordReader, type Section } from "../model/record/record-reader.ts";
import type { Clock } from "../ports/clock.ts";
import type { JournalReader } from "../ports/partition-log.ts";
import type { KeptLetter, PartitionMark, SavedPiece, StoredJobState } from "../ports/stores.ts";
import { Cutter } from "./cut.ts";
import type { FromShard, ShardStats, ToShard } from "./messages.ts";
import { partitionsOf } from "./partitions-of.ts";
import { openRunsBySource } from "./open-runs.ts";
import { Renames, trendGone } from "./renames.ts";
import { type MakeActor, ShardJobs } from "./shard-jobs.ts";
import { ShardRows } from "./shard-rows.ts";
import { ShardClocks } from "./shard-clocks.ts";
import { deadLetterOf, letterOf, Quarantine, standInGone, unreadableLetter } from "./quarantine.ts";
import { ShardKnowledge } from "./shard-knowledge.ts";
import { StretchReader } from "./stretch-reader.ts";
import { tryLetters } from "./try-letters.ts";
import { UnsavedFacts } from "./unsaved-facts.ts";

export interface ShardOptions {
  readonly index: number;
  readonly count: number;
  readonly reader: JournalReader;
  readonly clock: Clock;
  readonly send: (message: FromShard) => void;
  /** @default a {@link JobActor}; the simulation passes actors of a program with a defect. */
  readonly makeActor?: MakeActor;
}

/**
 * The thread-free core of a shard: owns the jobs of its partitions, reads the journal, tells the board what
 * changed and the store what to save. Live and recovery are the same loop. The thread that hosts it calls
 * `step` until it returns false, `tick` a few times a second and `beginCut` once a second.
 */
export class Shard {
  readonly #options: ShardOptions;
  readonly #partitions: readonly number[];
  readonly #records = new RecordReader();
  readonly #hosts: (partition: number) => boolean;
  readonly #quarantine: Quarantine;
  /** Facts of jobs that were given up, which become letters; no mark goes beyond them. */
  readonly #unsaved: UnsavedFacts;
  readonly #rows: ShardRows;
  readonly #journal: StretchReader;
  /** Jobs whose letters have been applied since the start. */
  readonly #released = new Set<JobActor>();
  /** What the main thread told it that no fact says: settings, calendars, blind intervals. */
  readonly #knowledge = new ShardKnowledge();
  readonly #jobs: ShardJobs;
  readonly #clocks: ShardClocks;
  readonly #renames = new Renames();
  /** Where each partition stood at the start. */
  #marks: ReadonlyMap<number, number> = new Map();
  #cutter: Cutter | null = null;
  #position = 0;
  #end = 0;
  #catchUpEnd: number | null = null;
  /** It has caught up, and the board is still being told. */
  #announcing = false;
  /** Receipt of the newest record read: all that was received before it is known. Epoch ms. */
  #readUntil = 0;
  #stopping = false;
  #factsApplied = 0;
  #deadLetters = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    const { index, count, clock, send } = options;
    this.#journal = new StretchReader(options);
    this.#partitions = partitionsOf(index, count);
    this.#hosts = (partition) => partition % count === index;
    const failed = (actor: JobActor, error: unknown) => this.#giveUp(actor, error, this.#position);
    this.#quarantine = new Quarantine(clock);
    this.#rows = new ShardRows({ clock, send, failed, quarantine: this.#quarantine });
    const knowledge = this.#knowledge;
    this.#jobs = new ShardJobs(knowledge, options.makeActor);
    const journal = this.#journal;
    this.#unsaved = new UnsavedFacts({ journal, found: (...found) => this.#keepFact(...found) });
    const judged = (actor: JobActor, mustSave: boolean) => {
      this.#rows.changed(actor, mustSave);
      if (mustSave) this.#cutter?.touched(actor, true);
    };
    this.#clocks = new ShardClocks({ jobs: this.#jobs, knowledge, judged, failed });
  }

  /** Everything the main thread says to it, by type. */
  receive(message: ToShard): void {
    const handle: { [T in ToShard["type"]]: (message: Extract<ToShard, { type: T }>) => void } = {
      load: ({ states }) => void this.load(states),
      recent: ({ runs }) =>
        this.#sendRows(this.#jobs.recall(runs, (...gone) => this.#giveUp(...gone, 0))),
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
    if (this.#cutter !== null && this.#rows.few) this.#rows.send();
  }

  /** Returns those whose newest runs must come with them: this program cannot read their state. */
  load(states: readonly StoredJobState[]): readonly StoredJobState[] {
    return states.filter((stored) => {
      try {
        const actor = this.#jobs.load(stored);
        if (actor !== null) this.#rows.changed(actor, false);
        return actor === null;
      } catch (error) {
        this.#quarantine.put(faceOf(stored.job), null, error);
        return false;
      }
    });
  }

  /** Reads on from the smallest mark; what another partition has saved beyond it is passed over. */
  start(term: number, marks: readonly PartitionMark[], end: number): void {
    const smallest = Math.min(...marks.map(({ position }) => position));
    this.#marks = new Map(marks.map(({ partition, position }) => [partition, position]));
    this.#cutter = new Cutter({
      partitions: this.#partitions,
      term,
      marked: smallest,
      readTo: ({ jobId }) => Math.max(this.#position, this.#jobs.saved.of(jobId)),
      holdsMark: () => this.#unsaved.jobs > 0,
      onUnsavable: (actor, error) => this.#giveUp(actor, error, this.#position),
    });
    this.#position = smallest;
    this.#catchUpEnd = end;
    this.#rows.held = true;
    this.#end = Math.max(this.#end, end);
    this.#sendRows([...this.#released].map(({ face }) => standInGone(face)));
    for (const actor of this.#released) this.#cutter.released(actor);
    this.#released.clear();
    // What the last owner knew only in part is asked of the store again.
    for (const actor of this.#jobs.values()) this.#touchUnsaved(actor);
    this.#rows.send();
  }

  #sendRows(rows: readonly BoardChange[]): void {
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
      unsavedJobs: (this.#cutter?.unsaved ?? 0) + this.#unsaved.jobs,
      factsApplied: this.#factsApplied,
      openRuns: openRunsBySource(this.#jobs.values()),
      deadLetters: this.#deadLetters,
      quarantinedJobs: this.#quarantine.size,
      journalTrouble: this.#journal.trouble,
    };
  }

  /** Reads one stretch of the journal; what may wake somebody goes out before what shows it. Returns whether there is more to read right now. */
  step(): boolean {
    const cutter = this.#cutter;
    if (cutter === null) return false;
    const full = cutter.isFull;
    if (full) cutter.beginCut(this.#position);
    else this.#unsaved.step();
    if (!full && this.#position < this.#end) this.#readStretch();
    this.#clocks.judgeSome();
    this.#sendPiece();
    this.#rows.send();
    this.#announceCaughtUp();
    if (this.#stopping) this.#finish();
    const isMore = this.#position < this.#end || this.#unsaved.jobs > 0;
    const mayRead = !full && !this.#journal.waits && isMore;
    return mayRead || this.#clocks.judgesAnew || this.#announcing;
  }

  /** A few times a second: judges the jobs whose deadline is past [CLOCK-12]. */
  tick(): void {
    if (!this.#judging) return;
    const now = this.#options.clock.now();
    this.#clocks.tick(now, this.#knownAt(now));
    this.#rows.send();
    this.#sendPiece();
  }

  /** Up to when everything received is read: `now` once it has read to the end, else the newest receipt [CLOCK-2]. */
  #knownAt(now: number): number {
    return this.#position >= this.#end ? now : Math.min(now, this.#readUntil);
  }

  /** After how many milliseconds `step` should be called again for rows that wait; null when none does. */
  get rowsWaitMs(): number | null {
    return this.#rows.waitMs;
  }

  /** Once a second: everything dirty is saved up to here; a journal that could not be read is tried again. */
  beginCut(): void {
    this.#journal.again();
    this.#rows.send(true);
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
      this.#rows.changed(actor, false);
      this.#clocks.arm(actor);
      this.#touchUnsaved(actor);
    }
    this.#rows.send();
    this.#sendPiece();
    if (this.#stopping) this.#finish();
  }

  saveFailed(refused: boolean = false): void {
    this.#cutter?.failed(refused);
  }

  #readStretch(): void {
    const { records, isLast } = this.#journal.readAfter(this.#position);
    for (const record of records) {
      this.#applyRecord(record);
      this.#position = record.position;
    }
    if (isLast) this.#position = Math.max(this.#end, this.#position);
    this.#jobs.saved.readTo(this.#position);
  }

  #applyRecord(record: PositionedRecord): void {
    const { receivedAt, sourceId } = record;
    this.#readUntil = receivedAt;
    if (this.#judging) this.#clocks.read(receivedAt, this.#options.clock.now());
    this.#clocks.contact(sourceId, receivedAt);
    let sections: readonly Section[];
    try {
      sections = this.#records.read(record.bytes, record.partition, this.#hosts);
    } catch (error) {
      this.#deadLetters += 1;
      this.#cutter?.keepLetter(unreadableLetter(record, this.#partitions[0] ?? 0, error));
      this.#report(record, error);
      return;
    }
    for (const { partition, facts } of sections) {
      if (record.position <= (this.#marks.get(partition) ?? 0)) continue;
      for (const fact of facts) {
        if (fact.type === "observation") this.#observe(fact, record);
        else this.#cutter?.keep(partition, { ...fact, receivedAt, sourceId });
      }
    }
  }

  #observe(fact: Observation, record: PositionedRecord): void {
    if (this.#jobs.saved.hold(fact.jobId, record.position)) return;
    if (this.#quarantine.size > 0 && this.#quarantine.has(fact.jobId)) {
      if (!this.#unsaved.covers(fact.jobId, record.position)) this.#keepFact(fact, record);
      return;
    }
    this.#knowledge.blind.backlog(record.sourceId, fact.occurredAt, record.receivedAt);
    const actor = this.#jobs.of(fact, record.sourceId);
    let effect: Effect;
    try {
      effect = actor.apply(fact, record);
    } catch (error) {
      this.#giveUp(actor, error, record.position);
      this.#report(record, error);
      return;
    }
    this.#factsApplied += 1;
    if (effect !== "again") this.#took(actor, effect);
  }

  #took(actor: JobActor, effect: Effect): void {
    const urgent = effect === "transition";
    this.#rows.changed(actor, urgent);
    this.#cutter?.touched(actor, urgent);
    if (urgent) this.#clocks.changed(actor);
  }

  /** Nothing is judged before the journal was read to the end that it had at the start [CLOCK-2]. */
  get #judging(): boolean {
    return this.#cutter !== null && this.#catchUpEnd === null;
  }

  #reload(jobs: Extract<ToShard, { type: "reload" }>["jobs"]): void {
    for (const one of jobs) {
      const actor = this.#jobs.get(one.jobId);
      if (actor !== undefined) this.#took(this.#renames.reload(actor, one), "transition");
    }
    this.#sendPiece();
  }

  #touchUnsaved(actor: JobActor): void {
    if (actor.unsaved > 0) this.#cutter?.touched(actor, true);
  }

  #letGo(): void {
    for (const actor of this.#renames.takeGone()) {
      this.#jobs.delete(actor.jobId);
      this.#clocks.forget(actor);
      this.#cutter?.drop(actor);
      this.#sendRows([trendGone(actor)]);
    }
  }

  #tryLetters(letters: readonly KeptLetter[]): void {
    const applied = (actor: JobActor) => {
      this.#rows.changed(actor, false);
      this.#released.add(actor);
    };
    const failed = (actor: JobActor, error: unknown) => this.#giveUp(actor, error, 0);
    tryLetters(letters, { jobs: this.#jobs, quarantine: this.#quarantine, applied, failed });
  }

  /** The job goes into quarantine. What is not saved of it is read again, up to `upTo`, and kept as letters. */
  #giveUp(actor: JobActor, error: unknown, upTo: number): void {
    this.#released.delete(actor);
    this.#jobs.delete(actor.jobId);
    this.#rows.forget(actor);
    this.#cutter?.drop(actor);
    this.#clocks.forget(actor);
    this.#quarantine.put(actor.face, actor, error);
    const { jobId, partition } = actor;
    const marked = Math.max(this.#cutter?.marked ?? upTo, this.#marks.get(partition) ?? 0);
    const from = Math.max(marked, this.#jobs.saved.of(jobId));
    this.#unsaved.want(jobId, { partition, from, to: upTo });
  }

  #keepFact(fact: Observation, record: PositionedRecord): void {
    this.#deadLetters += 1;
    if (!this.#quarantine.mayKeep(fact.jobId)) return;
    this.#cutter?.keepLetter(letterOf(fact, record, this.#quarantine.reasonOf(fact.jobId)));
  }

  #report(record: PositionedRecord, error: unknown): void {
    this.#options.send({ type: "dead-letter", letter: deadLetterOf(record, error) });
  }

  #announceCaughtUp(): void {
    if (this.#catchUpEnd !== null) {
      // Behind again already, it knows a receipt behind the start: nothing said in the last life is taken back.
      if (this.#position < Math.min(this.#catchUpEnd + 1, this.#end)) return;
      this.#catchUpEnd = null;
      this.#rows.held = false;
      this.#clocks.begin(this.#knownAt(this.#options.clock.now()));
      this.#announcing = true;
    }
    if (!this.#announcing) return;
    this.#rows.send(true);
    if (this.#rows.pending || this.#clocks.judgesAnew) return;
    this.#announcing = false;
    this.#options.send({ type: "caught-up", stats: this.stats });
  }

  #sendPiece(): void {
    const piece = this.#cutter?.next() ?? null;
    if (piece !== null) this.#options.send({ type: "piece", piece });
  }

  #finish(): void {
    const cutter = this.#cutter;
    if (cutter === null || this.#position < this.#end || this.#unsaved.jobs > 0) return;
    if (cutter.isClean(this.#position)) {
      this.#stopping = false;
      this.#rows.send(true);
      this.#options.send({ type: "stopped" });
      return;
    }
    cutter.beginCut(this.#position);
    this.#sendPiece();
  }
}
