import type { JobActor } from "../jobs/job-actor.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardChange } from "../model/rows.ts";
import type { Clock } from "../ports/clock.ts";
import type { FromShard } from "./messages.ts";
import type { Quarantine } from "./quarantine.ts";
import { RowPacer } from "./row-pacer.ts";

const FEW = 100;

export interface ShardRowsOptions {
  readonly clock: Clock;
  readonly quarantine: Quarantine;
  readonly send: (message: FromShard) => void;
  /** A job's rows cannot be made: it cannot be followed. */
  readonly failed: (actor: JobActor, error: unknown) => void;
}

/** What the board is still to be told of a shard's jobs, and when: urgent rows at once, the others as the pacer lets them. */
export class ShardRows {
  readonly #options: ShardRowsOptions;
  readonly #changed = new Set<JobActor>();
  /** Of these, the ones whose rows do not wait for the pacer. */
  readonly #urgent = new Set<JobActor>();
  readonly #pacer = new RowPacer();

  constructor(options: ShardRowsOptions) {
    this.#options = options;
  }

  changed(actor: JobActor, urgent: boolean): void {
    this.#changed.add(actor);
    if (urgent) this.#urgent.add(actor);
  }

  forget(actor: JobActor): void {
    this.#changed.delete(actor);
    this.#urgent.delete(actor);
  }

  /** After how many milliseconds rows that wait may go; null when none does. */
  get waitMs(): number | null {
    if (this.#changed.size === 0) return null;
    return Math.max(1, this.#pacer.waitMs(this.#options.clock.now()));
  }

  /** So few that making their rows delays nothing; more wait for the next step, between which timers run. */
  get few(): boolean {
    return this.#changed.size <= FEW;
  }

  /** Some changes wait to be sent. */
  get pending(): boolean {
    return this.#changed.size > 0;
  }

  /**
   * Sends the rows that may go now, urgent ones first, at most LIMITS.rowsPerSend of the others: a shard of very many
   * jobs must not stand still for its board.
   * @param hurried without the pause that the last send asked for
   */
  send(hurried = false): void {
    const { clock, quarantine, send } = this.#options;
    if (!this.pending && !quarantine.changed) return;
    const now = clock.now();
    const rows: BoardChange[] = [];
    for (const actor of this.#urgent) this.#take(actor, rows);
    this.#urgent.clear();
    const maySend = hurried || this.#pacer.waitMs(now) === 0;
    if (maySend) {
      for (const actor of this.#changed) {
        if (rows.length >= LIMITS.rowsPerSend) break;
        this.#take(actor, rows);
      }
    }
    for (const row of quarantine.takeRows()) rows.push(row);
    if (maySend) this.#pacer.sent(rows.length, now, this.#changed.size);
    if (rows.length > 0) send({ type: "rows", rows });
  }

  #take(actor: JobActor, rows: BoardChange[]): void {
    this.#changed.delete(actor);
    try {
      for (const row of actor.takeRows()) rows.push(row);
    } catch (error) {
      this.#options.failed(actor, error);
    }
  }
}
