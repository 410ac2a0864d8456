import { LIMITS } from "../model/limits.ts";

/**
 * Says when rows of the board may be sent again. Each row costs its receiver time, so a send is followed by a pause
 * that grows with its rows: rows that change in the meantime go once, as they are then. A send of few rows is followed
 * by no pause, so a quiet shard shows every change at once. Urgent rows do not wait.
 */
export class RowPacer {
  #pausedUntil = 0;

  /** How long rows must wait still, milliseconds; 0 when they need not. */
  waitMs(now: number): number {
    const waitMs = this.#pausedUntil - now;
    // Longer than any pause: the clock was set back.
    return waitMs > 0 && waitMs <= LIMITS.rowPauseMs ? waitMs : 0;
  }

  sent(rows: number, now: number): void {
    const pauseMs = Math.floor(rows / LIMITS.rowsPerMs);
    this.#pausedUntil = now + Math.min(pauseMs, LIMITS.rowPauseMs);
  }
}
