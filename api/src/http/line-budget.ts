import { API_LIMITS } from "../options.ts";

/** At most API_LIMITS.accessLinesPerSecond lines in one second; the next one tells how many were left out. */
export class LineBudget {
  #second = 0;
  #lines = 0;
  #skipped = 0;

  /** What to write with this line: how many before it were left out; null: leave it out. */
  next(now: number): number | null {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    if (this.#lines >= API_LIMITS.accessLinesPerSecond) {
      this.#skipped += 1;
      return null;
    }
    this.#lines += 1;
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }
}
