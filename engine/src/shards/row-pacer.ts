import { LIMITS } from "../model/limits.ts";

/**
 * Says when rows of the board may be sent again. Each row costs its receiver time, so a send is followed by a pause
 * that grows with its rows, also where more wait than it could take: rows that change in the meantime go once, as they are then. A send of few rows is followed
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

  /** @param left rows that could not go with these: all of them go within the longest pause, so theirs is shorter */
  sent(rows: number, now: number, left: number = 0): void {
    const share = rows / Math.max(1, rows + left);
    const pauseMs = Math.min(rows / LIMITS.rowsPerMs, LIMITS.rowPauseMs * share);
    this.#pausedUntil = now + Math.floor(pauseMs);
  }
}
