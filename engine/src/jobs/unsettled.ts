import { newestFirst, type RunDigest } from "./run-digest.ts";

/**
 * What changed in a job's past since its runs were last looked at. They are looked at once for many facts: a request
 * may bring thousands of runs of one job, and each of them concerns the others.
 */
export class Unsettled {
  readonly #instances = new Set<string>();
  /** The oldest success that came, went or moved. */
  #success: RunDigest | null = null;
  #fellOut = false;

  /** @param known the digest as it was before; `fellOut`: something older is remembered no more */
  add(digest: RunDigest, known: RunDigest | undefined, fellOut: boolean): void {
    const success = digest.state === "succeeded" || known?.state === "succeeded";
    for (const one of known === undefined ? [digest] : [digest, known]) {
      this.#instances.add(one.instanceKey);
      if (success && (this.#success === null || newestFirst(one, this.#success) > 0)) {
        this.#success = one;
      }
    }
    this.#fellOut ||= fellOut;
  }

  /** Others of its instance changed, and with them what is saved of it. */
  concerns(run: RunDigest): boolean {
    return this.#instances.has(run.instanceKey);
  }

  /** What it is compared with on the board changed. */
  compares(run: RunDigest, open: boolean): boolean {
    if (this.#success !== null && newestFirst(run, this.#success) < 0) return true;
    return this.#fellOut && open;
  }
}
