import { setTimeout as wait } from "node:timers/promises";

/** One way to be heard; returns why it failed, in words, or null. */
export type Deliver<T> = (message: T) => Promise<string | null>;

export interface SpeakerOptions<T> {
  /** As people read it in what is said about failures. */
  readonly name: string;
  readonly deliver: Deliver<T>;
  readonly complain: (line: string) => void;
  readonly signal: AbortSignal;
  /** Waits between tries, milliseconds; the last one for ever. */
  readonly delaysMs?: readonly number[];
}

const DELAYS_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** Messages that wait; of more the oldest are given up. */
const MOST_WAITING = 20;

/** Delivers messages one after another, each until it is taken: what is said about an outage must not be lost in it. */
export class Speaker<T> {
  readonly #options: SpeakerOptions<T>;
  readonly #waiting: T[] = [];
  #working: Promise<void> | null = null;

  constructor(options: SpeakerOptions<T>) {
    this.#options = options;
  }

  say(message: T): void {
    this.#waiting.push(message);
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#options.complain(`${this.#options.name}: a message was given up, too many wait`);
    }
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** Resolves when nothing waits, or when it is told to stop. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    const { name, deliver, complain, signal, delaysMs = DELAYS_MS } = this.#options;
    let tries = 0;
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      const failure = await deliver(message);
      if (failure === null) {
        tries = 0;
        // Meanwhile it may have been given up as the oldest.
        if (this.#waiting[0] === message) this.#waiting.shift();
        continue;
      }
      const delay = delaysMs[Math.min(tries, delaysMs.length - 1)] ?? 0;
      tries += 1;
      if (signal.aborted) return;
      complain(`${name}: not delivered (${failure}), again in ${delay / 1_000} s`);
      await wait(delay, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
