import { API_LIMITS } from "../options.ts";

const WINDOW_MS = 60_000;

/** Bounds how many refused sign-ins are audited, so that guessing does not fill the trail: of more in a minute the next one tells the number. */
export class RefusalNotes {
  #windowEndsAt = 0;
  #inWindow = 0;
  #untold = 0;

  /** What to write with this one: how many before it were not written; null: do not write it. */
  next(now: number): number | null {
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + WINDOW_MS;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    if (this.#inWindow > API_LIMITS.refusalsAudited) {
      this.#untold += 1;
      return null;
    }
    const untold = this.#untold;
    this.#untold = 0;
    return untold;
  }
}
