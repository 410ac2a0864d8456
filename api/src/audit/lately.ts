/** Remembers for a while what was done; bounded: of too many the oldest are forgotten first. */
export class Lately {
  readonly #forMs: number;
  readonly #most: number;
  readonly #done = new Map<string, number>();

  constructor(limits: { readonly forMs: number; readonly most: number }) {
    this.#forMs = limits.forMs;
    this.#most = limits.most;
  }

  has(key: string, now: number): boolean {
    const at = this.#done.get(key);
    return at !== undefined && now - at >= 0 && now - at < this.#forMs;
  }

  /** It was not done after all. */
  forget(key: string): void {
    this.#done.delete(key);
  }

  add(key: string, now: number): void {
    this.#done.delete(key);
    this.#done.set(key, now);
    for (const oldest of this.#done.keys()) {
      if (this.#done.size <= this.#most) break;
      this.#done.delete(oldest);
    }
  }
}
