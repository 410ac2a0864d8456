/** More wait than may: try again in a moment. */
export class BusyError extends Error {
  readonly code = "busy";
  constructor() {
    super("Too many sign-ins at once. Try again in a moment.");
    this.name = "BusyError";
  }
}

/** Lets so much work run at once, lets so much wait in its order, and refuses the rest with {@link BusyError}. */
export class HashSlots {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else {
      if (this.#waiting.length >= this.#mostWaiting) throw new BusyError();
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
