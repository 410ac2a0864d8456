import { LIMITS } from "../model/limits.ts";
import type { JobActor } from "../jobs/job-actor.ts";
import type { KeptLetter, Piece, PieceLetters, SavedPiece, Unit } from "../ports/stores.ts";
import { DirtyJobs } from "./dirty-jobs.ts";
import { type KeptNote, NotesToSave } from "./notes-to-save.ts";

export interface CutterOptions {
  readonly partitions: readonly number[];
  readonly term: number;
  /** Everything of these partitions up to here is saved. */
  readonly marked: number;
  /** Up to where the journal has been applied to this job, at least. */
  readonly readTo: (actor: JobActor) => number;
  /** What is to be kept below the next mark is still being read: none is set meanwhile. */
  readonly holdsMark: () => boolean;
  /** This job cannot be saved: keep its facts as letters, and touch it no more. */
  readonly onUnsavable: (actor: JobActor, error: unknown) => void;
}

interface Taken {
  readonly actor: JobActor;
  readonly unit: Unit;
  /** All that the journal says of the job up to here was saved before. */
  readonly since: number;
}

interface UnderWay {
  readonly piece: Piece;
  taken: readonly Taken[];
  /** With it the cut is complete. */
  readonly last: boolean;
}

/**
 * Decides what is saved next. Urgent jobs (a run began, ended, failed) go at once; all dirty jobs go in a
 * cut, those that wait longest first: its last piece carries the mark "all of these partitions up to P is saved", which is
 * what the journal is truncated by. A cut that takes long marks on its way how far it has come, or a process that dies
 * again and again before the end of its first one would read more each time. One piece is under way at a time; a failed
 * one puts everything back.
 *
 * What the store refuses (rather than cannot take just now) is sent again in single units; a unit refused
 * alone for the third time is given up, so that one bad row never blocks the others.
 */
export class Cutter {
  readonly #options: CutterOptions;
  readonly #urgent = new Set<JobActor>();
  readonly #dirty = new DirtyJobs<JobActor>();
  readonly #notes = new NotesToSave();
  readonly #letters = new Map<string, KeptLetter>();
  /** Jobs that were in a refused piece, with how often they were refused alone. */
  readonly #suspects = new Map<JobActor, number>();
  /** Jobs whose letters go with their next unit. */
  readonly #released = new Set<JobActor>();
  #cut: { queue: JobActor[]; position: number } | null = null;
  #underWay: UnderWay | null = null;
  #marked: number;
  #givenUp = 0;

  constructor(options: CutterOptions) {
    this.#options = options;
    this.#marked = options.marked;
  }

  get unsaved(): number {
    return this.#dirty.size + this.#notes.size + this.#letters.size;
  }

  /** So much waits to be saved that no more may be read. */
  get isFull(): boolean {
    if (this.unsaved >= LIMITS.dirtyJobsPerShard) return true;
    if (this.#notes.size >= LIMITS.unsavedNotesPerShard) return true;
    let { rows } = this.#dirty;
    for (const { unit } of this.#underWay?.taken ?? []) {
      rows += unit.runs.length + unit.transitions.length + (unit.alerts?.length ?? 0);
    }
    return rows >= LIMITS.unsavedRowsPerShard;
  }

  get busy(): boolean {
    return this.#underWay !== null;
  }

  get marked(): number {
    return this.#marked;
  }

  touched(actor: JobActor, urgent: boolean): void {
    this.#dirty.touched(actor, this.#options.readTo(actor));
    if (urgent) this.#urgent.add(actor);
  }

  keep(partition: number, note: KeptNote): void {
    this.#notes.add(partition, note);
  }

  /** Saves this letter with the next piece. Returns whether it was not waiting already. */
  keepLetter(letter: KeptLetter): boolean {
    if (this.#letters.has(letter.letterId)) return false;
    this.#letters.set(letter.letterId, letter);
    return true;
  }

  /** The job's letters have been applied: they go in the same transaction that saves what they said. */
  released(actor: JobActor): void {
    this.#released.add(actor);
    this.touched(actor, true);
  }

  /** This job is no longer saved, not even by what is under way. */
  drop(actor: JobActor): void {
    this.#dirty.take(actor);
    this.#urgent.delete(actor);
    this.#suspects.delete(actor);
    this.#released.delete(actor);
    if (this.#underWay === null) return;
    this.#underWay.taken = this.#underWay.taken.filter((item) => item.actor !== actor);
  }

  /** Everything saved and marked up to `position`. */
  isClean(position: number): boolean {
    return !this.busy && this.unsaved === 0 && this.#marked >= position;
  }

  /** Starts a cut at `position` unless one is under way or nothing is new. */
  beginCut(position: number): void {
    if (this.#cut !== null) return;
    if (this.unsaved === 0 && this.#marked >= position) return;
    this.#cut = { queue: [...this.#dirty.all()].toReversed(), position };
  }

  /** The next piece to save, or null when there is nothing or one is under way. */
  next(): Piece | null {
    if (this.#underWay !== null) return null;
    if (this.#cut === null && this.#urgent.size === 0 && this.#letters.size === 0) return null;
    const alone = this.#takeSuspect();
    if (alone !== null) return this.#send([alone], [], [], null, false);
    const taken = this.#units(this.#pick());
    const letters = [...this.#letters.values()].slice(0, LIMITS.lettersPerPiece);
    for (const { letterId } of letters) this.#letters.delete(letterId);
    const cutIsEmpty = this.#cut !== null && this.#cut.queue.length === 0;
    const together = taken.length === 0 && letters.length === 0;
    const notes = cutIsEmpty ? this.#notes.take(together) : [];
    const last = cutIsEmpty && this.#letters.size === 0 && this.#notes.size === 0;
    // Such a cut ends without a mark: the next one takes what was touched meanwhile.
    if (last && this.#options.holdsMark()) this.#cut = null;
    const done = last && !this.#notes.isSuspect(notes) ? this.#cut : null;
    if (taken.length + letters.length + notes.length === 0 && done === null) return null;
    const mark = done?.position ?? this.#markOnTheWay();
    return this.#send(taken, notes, letters, mark, done !== null);
  }

  saved(result: SavedPiece): void {
    const done = this.#underWay;
    this.#underWay = null;
    if (done === null) return;
    this.#notes.saved(done.piece.units);
    for (const { actor, unit } of done.taken) {
      this.#suspects.delete(actor);
      const ids = new Set(unit.runs.map((run) => run.columns.executionId));
      try {
        actor.saved(
          unit,
          result.amended.filter((run) => ids.has(run.columns.executionId)),
        );
        if (actor.unsaved > 0) this.touched(actor, false);
      } catch (error) {
        this.#giveUp(actor, error);
      }
    }
    if (done.piece.mark !== null) this.#marked = done.piece.mark.position;
    if (done.last) this.#cut = null;
  }

  /** Puts everything back. `refused`: it is the content that the store cannot keep. */
  failed(refused: boolean): void {
    const done = this.#underWay;
    this.#underWay = null;
    this.#cut = null;
    if (done === null) return;
    const { piece, taken } = done;
    for (const letter of piece.letters?.kept ?? []) this.#letters.set(letter.letterId, letter);
    const released = new Set(piece.letters?.released.map(({ jobId }) => jobId));
    for (const { actor, unit, since } of taken) {
      actor.restore(unit);
      this.#dirty.put(actor, since);
      if (released.has(actor.jobId)) this.#released.add(actor);
      if (!refused) this.#urgent.add(actor);
    }
    const notes = piece.units.filter((unit) => unit.job === null);
    const given = this.#notes.failed(
      notes,
      refused,
      taken.length === 0 && piece.units.length === 1,
    );
    for (const letter of given) this.keepLetter(letter);
    if (refused)
      this.#suspect(taken, piece.units.length === 1 && (piece.letters?.kept.length ?? 0) === 0);
  }

  #suspect(taken: UnderWay["taken"], alone: boolean): void {
    for (const { actor } of taken) {
      const refusals = (this.#suspects.get(actor) ?? 0) + (alone ? 1 : 0);
      this.#suspects.set(actor, refusals);
      if (refusals < LIMITS.refusalsPerUnit || this.#givenUp >= LIMITS.refusedJobsPerShard)
        continue;
      this.#givenUp += 1;
      this.#giveUp(actor, new Error("The store refuses to keep it."));
    }
  }

  #giveUp(actor: JobActor, error: unknown): void {
    this.drop(actor);
    this.#options.onUnsavable(actor, error);
  }

  /** One suspect of a cut, to be sent alone. */
  #takeSuspect(): Taken | null {
    if (this.#cut === null) return null;
    for (const actor of this.#suspects.keys()) {
      if (!this.#cut.queue.includes(actor) || !this.#dirty.has(actor)) continue;
      this.#urgent.delete(actor);
      const [taken] = this.#units([actor]);
      if (taken !== undefined) return taken;
    }
    return null;
  }

  /** Takes them out of those that wait. */
  #units(actors: readonly JobActor[]): Taken[] {
    return actors.flatMap((actor) => {
      const since = this.#dirty.take(actor) ?? this.#marked;
      try {
        const position = this.#options.readTo(actor);
        return [{ actor, unit: { ...actor.takeUnit(), position }, since }];
      } catch (error) {
        this.#giveUp(actor, error);
        return [];
      }
    });
  }

  /** How far everything is saved once what was just taken is; null while that is hardly further than before. */
  #markOnTheWay(): number | null {
    if (this.#cut === null || this.#options.holdsMark()) return null;
    if (this.#notes.size + this.#letters.size > 0) return null;
    const least = this.#marked + LIMITS.positionsPerMark;
    const position = this.#dirty.oldest(this.#cut.position, least);
    return position < least ? null : position;
  }

  #send(
    taken: UnderWay["taken"],
    notes: readonly Unit[],
    kept: readonly KeptLetter[],
    mark: number | null,
    last: boolean,
  ): Piece {
    const { partitions, term } = this.#options;
    const released = taken
      .filter(({ actor }) => this.#released.delete(actor))
      .map(({ actor: { jobId, partition } }) => ({ jobId, partition }));
    const letters: PieceLetters = { kept, released };
    const piece: Piece = {
      term,
      units: [...taken.map((item) => item.unit), ...notes],
      ...(kept.length + released.length > 0 ? { letters } : {}),
      mark: mark === null ? null : { partitions, position: mark },
    };
    this.#underWay = { taken, piece, last };
    return piece;
  }

  #pick(): JobActor[] {
    const picked: JobActor[] = [];
    for (const actor of this.#urgent) {
      if (picked.length === LIMITS.urgentUnitsPerPiece) break;
      if (this.#suspects.has(actor)) continue;
      this.#urgent.delete(actor);
      if (this.#dirty.has(actor)) picked.push(actor);
    }
    // A cut always moves on, however many urgent jobs come in: the journal is truncated by it.
    const most = picked.length + LIMITS.unitsPerPiece;
    while (this.#cut !== null && picked.length < most) {
      const actor = this.#cut.queue.pop();
      if (actor === undefined) break;
      if (this.#dirty.has(actor) && !picked.includes(actor)) picked.push(actor);
    }
    return picked;
  }
}
