import type { AlertLevel } from "../model/alert.ts";
import type { Evidence } from "../model/evidence.ts";
import { LIMITS } from "../model/limits.ts";
import { PERHAPS, occurrenceCard, type Verdict } from "./alert-levels.ts";
import type { JobFace } from "./board-rows.ts";

/** Slots that were said to be missed and not to have ended, each with since when; epoch ms. */
export type MissedSlots = readonly (readonly [slot: number, since: number])[];

interface Word {
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
}

/** What was said of a job's expected starts, and what the next unit must say of them [ALERT-4, ALERT-6]. */
export class MissedStarts {
  /** At most LIMITS.missedStartsRemembered, and what is to end. */
  #said: Map<number, number>;
  #due = new Map<number, Word>();
  /** What the unit that is under way says. */
  #taken: ReadonlyMap<number, Word> = new Map();

  constructor(said: MissedSlots) {
    this.#said = new Map(said);
  }

  /** Levels that must be said. */
  get due(): number {
    return this.#due.size;
  }

  /** Slots that were said to be missed, ascending; for the job's state. */
  get said(): MissedSlots {
    return [...this.#said].sort(([a], [b]) => a - b);
  }

  /** Slots of which something was said or is to be said. */
  get slots(): readonly number[] {
    return [...new Set([...this.#said.keys(), ...this.#due.keys()])];
  }

  /** Memory of this job was rebuilt: the store may know of these slots what it does not. */
  perhaps(slot: number): void {
    if (!this.#said.has(slot)) this.#said.set(slot, PERHAPS);
  }

  /** The next unit says what holds once more: the job's name or owner changed. */
  again(): void {
    for (const slot of this.#said.keys()) this.#said.set(slot, PERHAPS);
  }

  /** Slots that show are judged anew: what was to be said of one to hold and is not said again by then does not. */
  begin(shown: { has(slot: number): boolean }): void {
    for (const [slot, { verdict }] of this.#due) {
      if (verdict.holds && shown.has(slot)) this.#due.delete(slot);
    }
  }

  /** Beyond the newest LIMITS.missedStartsRemembered nothing is expected any more; `now`: epoch ms. */
  bound(now: number): void {
    const holding = this.slots.filter((slot) => this.#due.get(slot)?.verdict.holds !== false);
    if (holding.length <= LIMITS.missedStartsRemembered) return;
    const older = holding.sort((a, b) => a - b).slice(0, -LIMITS.missedStartsRemembered);
    for (const slot of older) this.judged(slot, { holds: false, since: now, ending: "retired" });
  }

  judged(slot: number, verdict: Verdict, evidence: readonly Evidence[] = []): void {
    const since = this.#said.get(slot);
    const isNew = verdict.holds ? since !== verdict.since : since !== undefined;
    if (isNew) this.#due.set(slot, { verdict, evidence });
    else this.#due.delete(slot);
  }

  take(face: JobFace, sourceId: string, idOf: (slot: number) => string): AlertLevel[] {
    this.#taken = this.#due;
    if (this.#taken.size === 0) return [];
    this.#due = new Map();
    const levels: AlertLevel[] = [];
    for (const [slot, { verdict, evidence }] of this.#taken) {
      const subject = idOf(slot);
      if (verdict.holds) {
        this.#said.set(slot, verdict.since);
        levels.push({
          rule: "missed",
          subject,
          ...verdict,
          card: occurrenceCard(face, sourceId, slot, evidence),
        });
      } else {
        this.#said.delete(slot);
        levels.push({ rule: "missed", subject, ...verdict });
      }
    }
    return levels;
  }

  /** The unit was not saved: it is all said again, but for what has changed since. */
  restore(): void {
    for (const [slot, word] of this.#taken) {
      this.#said.set(slot, PERHAPS);
      if (!this.#due.has(slot)) this.#due.set(slot, word);
    }
    this.#taken = new Map();
  }
}
