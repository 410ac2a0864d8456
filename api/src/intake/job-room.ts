import type { JobAllowance, JobStore } from "@batchwatch/engine";
import { LIMITS } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { KnownJobs } from "./known-jobs.ts";

/** Share of the limit below which a source is no longer watched. */
const AT_EASE = 0.9;

export interface JobRoomOptions {
  /** Most jobs of one source. */
  readonly limit: number;
  readonly jobs: Pick<JobStore, "countBySource" | "idsOfSource">;
  readonly onError: (error: unknown) => void;
}

interface SourceCount {
  /** Jobs in the store when it was last asked. */
  stored: number;
  /** Jobs that may be new since then, and those of the time before: they may not have been saved when it was asked. */
  unmet: Set<string>;
  unmetBefore: ReadonlySet<string>;
  /** Members of bodies under way. */
  underWay: number;
  /** Ids of the source's jobs, while it is near its limit. */
  known: Promise<KnownJobs | null> | null;
}

/**
 * Keeps sources within their limit of jobs (SUP-7). Far below it, it only holds which jobs may be new since the store
 * was asked last: nothing per fact. Where these, the stored ones and what is under way could pass the limit, it holds
 * the ids of all the source's jobs and lets every fact be looked up. While the store does not answer, nothing is
 * refused. A store that is behind by more than two counts can let a source overshoot by what it is behind.
 */
export class JobRoom {
  readonly #options: JobRoomOptions;
  readonly #counts = new Map<string, SourceCount>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: JobRoomOptions) {
    this.#options = options;
  }

  /** Counts now and from then on; without the store it starts from nothing. */
  async start(): Promise<void> {
    await this.#tick();
    if (this.#stopped) return;
    this.#timer = setInterval(() => void this.#tick(), API_LIMITS.jobCountMs);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /**
   * Before a body is admitted. Undefined: whatever it holds is within the limit. Otherwise what to admit it with, in
   * this thread. Every call is followed by one of `leave`.
   */
  enter(sourceId: string, bytes: number): Promise<JobAllowance | null> | undefined {
    const count = this.#countOf(sourceId);
    const members = mostMembers(bytes);
    count.underWay += members;
    const most = count.stored + count.unmet.size + count.unmetBefore.size + count.underWay;
    if (most <= this.#options.limit && count.known === null) return undefined;
    count.known ??= this.#load(sourceId, count);
    return count.known;
  }

  /** After a body was admitted, or not. `unmetJobs`: the new jobs it may have brought without an allowance. */
  leave(sourceId: string, bytes: number, unmetJobs: readonly string[]): void {
    const count = this.#countOf(sourceId);
    count.underWay -= mostMembers(bytes);
    if (unmetJobs.length === 0) return;
    for (const jobId of unmetJobs) count.unmet.add(jobId);
    // It may have been under way when the ids began to be held.
    void count.known?.then((known) => known?.learn(unmetJobs));
  }

  /** Asks the store again: what was new two counts ago is among the stored ones. */
  async count(): Promise<void> {
    const stored = new Map(
      (await this.#options.jobs.countBySource()).map((row) => [row.sourceId, row.jobs]),
    );
    for (const sourceId of stored.keys()) this.#countOf(sourceId);
    await Promise.all(
      Array.from(this.#counts, ([sourceId, count]) => {
        count.stored = stored.get(sourceId) ?? 0;
        count.unmetBefore = count.unmet;
        count.unmet = new Set();
        return this.#review(sourceId, count);
      }),
    );
  }

  /** Lets go of the ids of a source that is at ease again, and reads them anew where others were saved. */
  async #review(sourceId: string, count: SourceCount): Promise<void> {
    if (count.known === null) return;
    const known = await count.known;
    const most = Math.max(known?.size ?? 0, count.stored) + count.unmetBefore.size;
    if (known === null || most < AT_EASE * this.#options.limit) count.known = null;
    else if (!known.isSettled(count.stored)) known.renew(await this.#idsOf(sourceId));
  }

  async #tick(): Promise<void> {
    try {
      await this.count();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Null when the store does not answer; the next count tries again. */
  async #load(sourceId: string, count: SourceCount): Promise<KnownJobs | null> {
    try {
      const known = new KnownJobs(this.#options.limit, await this.#idsOf(sourceId));
      known.learn([...count.unmetBefore, ...count.unmet]);
      return known;
    } catch (error) {
      this.#options.onError(error);
      return null;
    }
  }

  async #idsOf(sourceId: string): Promise<Set<string>> {
    const ids = new Set<string>();
    let last: string | null = null;
    for (;;) {
      const page: readonly string[] = await this.#options.jobs.idsOfSource(sourceId, last);
      for (const id of page) ids.add(id);
      last = page.at(-1) ?? null;
      if (last === null) return ids;
    }
  }

  #countOf(sourceId: string): SourceCount {
    const known = this.#counts.get(sourceId);
    if (known !== undefined) return known;
    const made: SourceCount = {
      stored: 0,
      unmet: new Set(),
      unmetBefore: new Set(),
      underWay: 0,
      known: null,
    };
    this.#counts.set(sourceId, made);
    return made;
  }
}

function mostMembers(bytes: number): number {
  return Math.min(LIMITS.batchMembers, Math.ceil(bytes / API_LIMITS.leastMemberBytes));
}
