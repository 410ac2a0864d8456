import { LIMITS } from "./limits.ts";

/**
 * Holds back each attempt to connect: at once, then ~1, 2, 4, … s with full jitter, so that many
 * screens do not return together. A nudge (network back, page visible) ends the wait at once.
 */
export class ReconnectGate {
  #attempt = 0;
  #open: (() => void) | null = null;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Longest wait of the next attempt, before jitter. */
  get ceilingMs(): number {
    if (this.#attempt === 0) return 0;
    return Math.min(LIMITS.reconnectCapMs, LIMITS.reconnectBaseMs * 2 ** (this.#attempt - 1));
  }

  async wait(): Promise<void> {
    const waitMs = this.#random() * this.ceilingMs;
    this.#attempt += 1;
    if (waitMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#open = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#open = null;
  }

  nudge(): void {
    this.#attempt = Math.min(this.#attempt, 1);
    this.#open?.();
  }

  /** Data arrived: the next loss is answered at once again. */
  succeeded(): void {
    this.#attempt = 0;
  }
}
