import type { LineageNote } from "../model/fact.ts";
import { contentIdOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { KeptLetter, Unit } from "../ports/stores.ts";

export type KeptNote = LineageNote & { readonly sourceId: string; readonly receivedAt: number };

/** Lineage notes that wait for the end of a cut. A note that the store refuses is sent alone, then kept as a letter. */
export class NotesToSave {
  #notes: { readonly partition: number; readonly note: KeptNote }[] = [];
  /** Notes that were in a refused piece, by id, with how often they were refused alone. */
  readonly #refusals = new Map<string, number>();

  get size(): number {
    return this.#notes.length;
  }

  add(partition: number, note: KeptNote): void {
    this.#notes.push({ partition, note });
  }

  /** Units of the next notes: of those that nobody refused, or, where it would be alone, one that somebody did. */
  take(mayBeAlone: boolean): readonly Unit[] {
    const fine = this.#notes.filter(({ note }) => !this.#refusals.has(note.noteId));
    const suspects = this.#notes.filter(({ note }) => this.#refusals.has(note.noteId));
    const takesFine = fine.length > 0 || !mayBeAlone;
    const [most, of, others] = takesFine
      ? [LIMITS.notesPerPiece, fine, suspects]
      : [1, suspects, fine];
    const taken = of.slice(0, most);
    this.#notes = [...of.slice(most), ...others];
    return taken.map(({ partition, note }) => ({
      partition,
      job: null,
      runs: [],
      transitions: [],
      notes: [note],
    }));
  }

  saved(units: readonly Unit[]): void {
    for (const { notes } of units) for (const note of notes) this.#refusals.delete(note.noteId);
  }

  isSuspect(units: readonly Unit[]): boolean {
    return units.some((unit) => unit.notes.some((note) => this.#refusals.has(note.noteId)));
  }

  /** Takes them back. Answers those that are given up, as letters. */
  failed(units: readonly Unit[], refused: boolean, alone: boolean): readonly KeptLetter[] {
    const given: KeptLetter[] = [];
    for (const { partition, notes } of units) {
      for (const note of notes) {
        const refusals = (this.#refusals.get(note.noteId) ?? 0) + (refused && alone ? 1 : 0);
        if (refused) this.#refusals.set(note.noteId, refusals);
        if (refusals < LIMITS.refusalsPerUnit) this.#notes.push({ partition, note });
        else {
          this.#refusals.delete(note.noteId);
          given.push(letterOf(partition, note));
        }
      }
    }
    return given;
  }
}

function letterOf(partition: number, note: KeptNote): KeptLetter {
  const { receivedAt, sourceId, ...said } = note;
  return {
    letterId: contentIdOf(note.noteId, sourceId),
    jobId: null,
    partition,
    sourceId,
    contract: "openlineage",
    receivedAt,
    reason: "The store refuses to keep it.",
    body: JSON.stringify(said),
  };
}
