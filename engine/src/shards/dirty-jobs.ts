interface Waiting {
  /** All that the journal says of the job up to here is saved. */
  readonly since: number;
  /** What is to be saved of it, when it was touched last. */
  rows: number;
}

/** Jobs to be saved, those that wait longest first, and how many rows they make: counted as they change, not when asked. */
export class DirtyJobs<Job extends { readonly unsaved: number }> {
  readonly #jobs = new Map<Job, Waiting>();
  #rows = 0;

  get size(): number {
    return this.#jobs.size;
  }

  /** Runs, transitions and alert levels of all of them. */
  get rows(): number {
    return this.#rows;
  }

  has(job: Job): boolean {
    return this.#jobs.has(job);
  }

  all(): IterableIterator<Job> {
    return this.#jobs.keys();
  }

  /** The smallest position that one of them waits since, at most `most`; below `least` any that is. */
  oldest(most: number, least: number): number {
    let oldest = most;
    for (const { since } of this.#jobs.values()) {
      if (oldest < least) break;
      oldest = Math.min(oldest, since);
    }
    return oldest;
  }

  /** @param since counts where it was not waiting already */
  touched(job: Job, since: number): void {
    const rows = job.unsaved;
    const waiting = this.#jobs.get(job);
    if (waiting === undefined) this.#jobs.set(job, { since, rows });
    else {
      this.#rows -= waiting.rows;
      waiting.rows = rows;
    }
    this.#rows += rows;
  }

  /** It is put back: it waits since then, however long it was away. */
  put(job: Job, since: number): void {
    this.take(job);
    this.touched(job, since);
  }

  /** Takes it out. Answers since when it waited; undefined: it did not. */
  take(job: Job): number | undefined {
    const waiting = this.#jobs.get(job);
    if (waiting === undefined) return undefined;
    this.#jobs.delete(job);
    this.#rows -= waiting.rows;
    return waiting.since;
  }
}
