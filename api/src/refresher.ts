/**
 * Keeps a copy of something up to date: one look at a time, now and then by itself, and at once when somebody has just changed
 * it. A failed look leaves the copy as it was and is tried again.
 */
export class Refresher {
  readonly #look: () => Promise<void>;
  #refreshing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  /** Refreshes every `intervalMs` until `stop`, unless it is being refreshed just then. A failure is reported. */
  start(intervalMs: number, onError: (error: unknown) => void): void {
    this.stop();
    this.#timer = setInterval(() => {
      if (this.#refreshing === null) this.refresh().catch(onError);
    }, intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Looks now. Fails when the look does. */
  async refresh(): Promise<void> {
    // A running look may have read before the caller's change: wait for it, then look again.
    while (this.#refreshing !== null) await this.#refreshing.catch(() => {});
    this.#refreshing = this.#look();
    try {
      await this.#refreshing;
    } finally {
      this.#refreshing = null;
    }
  }
}
