import { LIMITS } from "../model/limits.ts";

/**
 * Which jobs this thread has read facts of lately, so that each request can say which ones may be new. Two
 * generations of half the limit keep it bounded; a job forgotten is only said to be unmet once more.
 */
export class MetJobs {
  #young = new Set<string>();
  #old = new Set<string>();
  #last = "";
  #unmet: string[] = [];

  meet(jobId: string): void {
    if (jobId === this.#last) return;
    this.#last = jobId;
    if (this.#young.has(jobId)) return;
    if (!this.#old.has(jobId)) this.#unmet.push(jobId);
    if (this.#young.size >= LIMITS.jobsMet / 2) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(jobId);
  }

  /** Jobs met since the last call that were not met lately. */
  takeUnmet(): readonly string[] {
    const taken = this.#unmet;
    if (taken.length > 0) this.#unmet = [];
    return taken;
  }
}
