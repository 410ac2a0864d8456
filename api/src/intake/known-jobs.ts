import type { JobAllowance } from "@batchwatch/engine";

/** The jobs of a source near its limit: those in the store, and those let in since, which it will hold soon. */
export class KnownJobs implements JobAllowance {
  readonly limit: number;
  #stored: ReadonlySet<string>;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(limit: number, stored: ReadonlySet<string>) {
    this.limit = limit;
    this.#stored = stored;
  }

  #isKnown(jobId: string): boolean {
    return this.#stored.has(jobId) || this.#young.has(jobId) || this.#old.has(jobId);
  }

  get size(): number {
    return this.#stored.size + this.#young.size + this.#old.size;
  }

  admits(jobId: string): boolean {
    if (this.#isKnown(jobId)) return true;
    if (this.size >= this.limit) return false;
    this.#young.add(jobId);
    return true;
  }

  /** Jobs that came in before there was an allowance, whatever the limit. */
  learn(jobIds: readonly string[]): void {
    for (const jobId of jobIds) if (!this.#isKnown(jobId)) this.#young.add(jobId);
  }

  /** Whether the store, which has this many, can hold nothing that is not known here as stored. */
  isSettled(stored: number): boolean {
    return this.#stored.size === stored && this.#young.size === 0 && this.#old.size === 0;
  }

  /**
   * Takes over what the store holds now. A job that was let in before the last renewal and is still not there never
   * became one (its append failed), and its place is free again.
   */
  renew(stored: ReadonlySet<string>): void {
    this.#old = new Set([...this.#young].filter((jobId) => !stored.has(jobId)));
    this.#young = new Set();
    this.#stored = stored;
  }
}
