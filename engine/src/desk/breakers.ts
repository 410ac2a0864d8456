import { LIMITS } from "../model/limits.ts";

interface Breaker {
  failures: number;
  /** Left alone until then, epoch ms. */
  until: number;
  /** One attempt finds out whether it works again. */
  probing: boolean;
}

/** One circuit breaker a receiver: one that fails again and again is left alone for a while, then tried once. */
export class Breakers {
  readonly #breakers = new Map<string, Breaker>();

  /** Whether it is left alone: for a while, and while one attempt finds out. */
  isOpen(receiver: string, now: number): boolean {
    const known = this.#breakers.get(receiver);
    if (known === undefined || known.failures < LIMITS.breakerFailures) return false;
    // A time further away than any wait comes from a clock that was set back.
    return known.probing || (known.until > now && known.until - now <= LIMITS.breakerMs);
  }

  /** An attempt begins. */
  begun(receiver: string): void {
    const known = this.#breakers.get(receiver);
    if (known !== undefined && known.failures >= LIMITS.breakerFailures) known.probing = true;
  }

  worked(receiver: string): void {
    this.#breakers.delete(receiver);
  }

  failed(receiver: string, now: number): void {
    const failures = (this.#breakers.get(receiver)?.failures ?? 0) + 1;
    this.#breakers.delete(receiver);
    this.#breakers.set(receiver, { failures, until: now + LIMITS.breakerMs, probing: false });
    for (const oldest of this.#breakers.keys()) {
      if (this.#breakers.size <= LIMITS.breakers) break;
      this.#breakers.delete(oldest);
    }
  }
}
