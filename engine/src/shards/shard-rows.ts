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

/**
 * What the board is still to be told of a shard's jobs, and when: urgent rows at once, the others in rounds, between which
 * the pacer lets time pass. A round goes on over several sends; a job that changes after its rows were made waits for the
 * next one, so that many changes of one row are made into a row once.
 */
export class ShardRows {
  readonly #options: ShardRowsOptions;
  #changed = new Set<JobActor>();
  /** Jobs whose rows go in this round. */
  #round = new Set<JobActor>();
  /** Rows that were sent while it lasted. */
  #roundRows = 0;
  /** Jobs whose rows do not wait for the pacer. */
  readonly #urgent = new Set<JobActor>();
  readonly #pacer = new RowPacer();
  /** The board is told that it is behind: only a hurried send begins a round, as what is read next changes most rows again. */
  held = false;

  constructor(options: ShardRowsOptions) {
    this.#options = options;
  }

  changed(actor: JobActor, urgent: boolean): void {
    if (!this.#round.has(actor)) this.#changed.add(actor);
    if (urgent && !this.held) this.#urgent.add(actor);
  }

  forget(actor: JobActor): void {
    this.#changed.delete(actor);
    this.#round.delete(actor);
    this.#urgent.delete(actor);
  }

  /** After how many milliseconds rows that wait may go; null when none does. */
  get waitMs(): number | null {
    if (this.#round.size > 0) return 1;
    if (this.held || this.#changed.size === 0) return null;
    return Math.max(1, this.#pacer.waitMs(this.#options.clock.now()));
  }

  /** So few that making their rows delays nothing; more wait for the next step, between which timers run. */
  get few(): boolean {
    return this.#changed.size + this.#round.size <= FEW;
  }

  /** Some changes wait to be sent. */
  get pending(): boolean {
    return this.#changed.size + this.#round.size > 0;
  }

  /**
   * Sends the rows that may go now, urgent ones first, at most LIMITS.rowsPerSend of the others: a shard of very many
   * jobs must not stand still for its board.
   * @param hurried without the pause that the last round asked for
   */
  send(hurried = false): void {
    const { clock, quarantine, send } = this.#options;
    if (!this.pending && !quarantine.changed) return;
    const now = clock.now();
    const rows: BoardChange[] = [];
    for (const actor of this.#urgent) this.#take(actor, rows);
    this.#urgent.clear();
    if (hurried || (!this.held && this.#pacer.waitMs(now) === 0)) this.#beginRound();
    const inRound = this.#round.size > 0;
    for (const actor of this.#round) {
      if (rows.length >= LIMITS.rowsPerSend) break;
      this.#take(actor, rows);
    }
    for (const row of quarantine.takeRows()) rows.push(row);
    if (inRound) this.#roundRows += rows.length;
    if (inRound && this.#round.size === 0) {
      this.#pacer.sent(this.#roundRows, now);
      this.#roundRows = 0;
    }
    if (rows.length > 0) send({ type: "rows", rows });
  }

  #beginRound(): void {
    if (this.#round.size > 0) return;
    [this.#round, this.#changed] = [this.#changed, this.#round];
  }

  #take(actor: JobActor, rows: BoardChange[]): void {
    this.#changed.delete(actor);
    this.#round.delete(actor);
    try {
      for (const row of actor.takeRows()) rows.push(row);
    } catch (error) {
      this.#options.failed(actor, error);
    }
  }
}
