import { type Random, randomOf } from "../ports/random.ts";

/** All chance of one seed, in separate streams, so that one more fault does not change the traffic. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number, stream: string) {
    this.#random = randomOf(seed, stream);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  /** Waiting time until the next event of a stream with this many a day, milliseconds. */
  untilNextOf(perDay: number): number {
    return (-Math.log(1 - this.#random()) * 86_400_000) / perDay;
  }
}
