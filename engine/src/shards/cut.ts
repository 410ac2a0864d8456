import { LIMITS } from "../model/limits.ts";
import type { JobActor } from "../jobs/job-actor.ts";
import type { LineageNote } from "../model/fact.ts";
import type { Piece, SavedPiece, Unit } from "../ports/stores.ts";

export type KeptNote = LineageNote & { readonly sourceId: string; readonly receivedAt: number };

/**
 * Decides what is saved next. Urgent jobs (a run began, ended, failed) go at once; all dirty jobs go in a
 * cut: its last piece carries the mark "all of these partitions up to P is saved", which is what the journal
 * is truncated by. One piece is under way at a time; a failed one puts everything back.
 */
export class Cutter {
  readonly #partitions: readonly number[];
  readonly #term: number;
  #urgent = new Set<JobActor>();
  #dirty = new Set<JobActor>();
  #notes: { partition: number; note: KeptNote }[] = [];
  #cut: { queue: JobActor[]; position: number } | null = null;
  #underWay: { actors: { actor: JobActor; unit: Unit }[]; piece: Piece } | null = null;
  #marked: number;

  constructor(partitions: readonly number[], term: number, marked: number) {
    this.#partitions = partitions;
    this.#term = term;
    this.#marked = marked;
  }

  get unsaved(): number {
    return this.#dirty.size + this.#notes.length;
  }

  get busy(): boolean {
    return this.#underWay !== null;
  }

  touched(actor: JobActor, urgent: boolean): void {
    this.#dirty.add(actor);
    if (urgent) this.#urgent.add(actor);
  }

  keep(partition: number, note: KeptNote): void {
    this.#notes.push({ partition, note });
  }

  /** Everything saved and marked up to `position`. */
  isClean(position: number): boolean {
    return !this.busy && this.unsaved === 0 && this.#marked >= position;
  }

  /** Starts a cut at `position` unless one is under way or nothing is new. */
  beginCut(position: number): void {
    if (this.#cut !== null) return;
    if (this.#dirty.size === 0 && this.#notes.length === 0 && this.#marked >= position) return;
    this.#cut = { queue: [...this.#dirty], position };
  }

  /** The next piece to save, or null when there is nothing or one is under way. */
  next(): Piece | null {
    if (this.#underWay !== null) return null;
    const actors = this.#pick();
    const last = this.#cut !== null && this.#cut.queue.length === 0;
    if (actors.length === 0 && !last) return null;
    const taken = actors.map((actor) => ({ actor, unit: actor.takeUnit() }));
    const notes = last ? this.#notes.splice(0) : [];
    const piece: Piece = {
      term: this.#term,
      units: [...taken.map((item) => item.unit), ...notes.map(noteUnit)],
      mark:
        last && this.#cut !== null
          ? { partitions: this.#partitions, position: this.#cut.position }
          : null,
    };
    this.#underWay = { actors: taken, piece };
    return piece;
  }

  saved(result: SavedPiece): void {
    const done = this.#underWay;
    this.#underWay = null;
    if (done === null) return;
    for (const { actor, unit } of done.actors) {
      const ids = new Set(unit.runs.map((run) => run.columns.executionId));
      actor.saved(
        unit,
        result.amended.filter((run) => ids.has(run.columns.executionId)),
      );
      if (actor.dirty) this.#dirty.add(actor);
    }
    if (done.piece.mark !== null) {
      this.#marked = done.piece.mark.position;
      this.#cut = null;
    }
  }

  failed(): void {
    const done = this.#underWay;
    this.#underWay = null;
    this.#cut = null;
    if (done === null) return;
    for (const { actor, unit } of done.actors) {
      actor.restore(unit);
      this.#dirty.add(actor);
      this.#urgent.add(actor);
    }
    for (const unit of done.piece.units) {
      for (const note of unit.notes) this.#notes.push({ partition: unit.partition, note });
    }
  }

  #pick(): JobActor[] {
    const picked: JobActor[] = [];
    // A cut always moves on, however many urgent jobs come in: the journal is truncated by it.
    const urgentMost = this.#cut === null ? LIMITS.unitsPerPiece : LIMITS.urgentUnitsPerPiece;
    for (const actor of this.#urgent) {
      if (picked.length === urgentMost) break;
      this.#urgent.delete(actor);
      if (this.#dirty.delete(actor)) picked.push(actor);
    }
    while (this.#cut !== null && picked.length < LIMITS.unitsPerPiece) {
      const actor = this.#cut.queue.pop();
      if (actor === undefined) break;
      if (this.#dirty.delete(actor)) picked.push(actor);
    }
    return picked;
  }
}

function noteUnit({ partition, note }: { partition: number; note: KeptNote }): Unit {
  return { partition, job: null, runs: [], transitions: [], notes: [note] };
}
