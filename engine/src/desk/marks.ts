import { LIMITS } from "../model/limits.ts";
import type { OutboxStore } from "../ports/incident-stores.ts";

export type Mark = Parameters<OutboxStore["mark"]>[1][number];

export interface MarksOptions {
  readonly mark: (marks: readonly Mark[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly before?: (() => Promise<void>) | undefined;
  /** These are marked: whoever reads the outbox now sees it. */
  readonly after?: ((marks: readonly Mark[]) => void) | undefined;
}

/** Outcomes on their way to the outbox: one call is under way, what comes meanwhile goes with the next. */
export class Marks {
  readonly #options: MarksOptions;
  #waiting = new Map<string, Mark>();
  #sent: ReadonlyMap<string, Mark> = new Map();
  #flushing: Promise<void> | null = null;

  constructor(options: MarksOptions) {
    this.#options = options;
  }

  get flushing(): Promise<void> | null {
    return this.#flushing;
  }

  has(notificationId: string): boolean {
    return this.#waiting.has(notificationId) || this.#sent.has(notificationId);
  }

  add(mark: Mark): void {
    this.#waiting.set(mark.notificationId, mark);
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= LIMITS.marksWaiting) break;
      this.#waiting.delete(oldest);
    }
    void this.flush();
  }

  /** Marks all that waits; after a failure it waits for the next call. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush();
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    // What ended in the same turn goes together.
    await Promise.resolve();
    try {
      while (this.#waiting.size > 0) {
        this.#sent = this.#waiting;
        this.#waiting = new Map();
        await this.#options.before?.();
        const marks = [...this.#sent.values()];
        await this.#options.mark(marks);
        this.#sent = new Map();
        this.#options.after?.(marks);
      }
    } catch (error) {
      this.#waiting = new Map([...this.#sent, ...this.#waiting]);
      this.#sent = new Map();
      this.#options.onError(error);
    } finally {
      this.#flushing = null;
    }
  }
}
