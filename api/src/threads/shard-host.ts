import {
  type BoardChange,
  type DeadLetter,
  type FromShard,
  type KeptLetter,
  LIMITS,
  needsNewestRuns,
  partitionsOf,
  type RecentRun,
  type ShardStats,
  type StoredJobState,
  type Stores,
  type ToShard,
} from "@batchwatch/engine";
import type { Lasting } from "./pool.ts";

/** How long a refused piece waits before it is sent again, ms. */
const SAVE_RETRY_MS = 250;

export interface ShardHostOptions {
  readonly index: number;
  readonly count: number;
  readonly stores: Stores;
  readonly spawn: () => Lasting;
  readonly journalEnd: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onRows: (rows: readonly BoardChange[]) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  readonly onMark: () => void;
  readonly onSaveFailed: (error: Error) => void;
  readonly onLost: (partitions: readonly number[]) => void;
}

/** The main thread's end of one shard: gives it its jobs, hands its rows to the board and its pieces to the store. */
export class ShardHost {
  readonly #options: ShardHostOptions;
  #thread: Lasting | null = null;
  #stats: ShardStats | null = null;
  #mark = 0;
  #caughtUp = false;
  #onCaughtUp: () => void = () => {};
  #onStopped: () => void = () => {};

  constructor(options: ShardHostOptions) {
    this.#options = options;
  }

  get stats(): ShardStats | null {
    return this.#stats;
  }

  /** Everything of its partitions up to here is saved. */
  get mark(): number {
    return this.#mark;
  }

  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Takes the partitions with a new term, loads their jobs and starts reading. Resolves when the thread ends. */
  async start(): Promise<{ caughtUp: Promise<void>; ended: Promise<void> }> {
    const { index, count, stores, spawn, journalEnd } = this.#options;
    this.#caughtUp = false;
    const caughtUp = new Promise<void>((resolve) => {
      this.#onCaughtUp = resolve;
    });
    const thread = spawn();
    this.#thread = thread;
    thread.port.on("message", (message: FromShard) => this.#receive(message));
    const partitions = partitionsOf(index, count);
    const { term, marks } = await stores.partitions.claim(partitions);
    await this.#load(partitions);
    this.#mark = Math.min(...marks.map((mark) => mark.position));
    // The last process may have died between a mark and the truncation up to it.
    this.#options.onMark();
    this.#tell({ type: "start", term, marks, end: journalEnd() });
    this.reached(journalEnd());
    return { caughtUp, ended: thread.ended };
  }

  reached(end: number): void {
    this.#tell({ type: "end", end });
  }

  /** Reads to the end, saves everything; resolves when that is done. */
  stop(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
    });
    this.#tell({ type: "stop" });
    return stopped;
  }

  close(): void {
    this.#thread?.port.close();
    this.#thread = null;
  }

  async #load(partitions: readonly number[]): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const states = await this.#options.stores.jobs.loadStates(partitions, after);
      if (states.length === 0) break;
      this.#tell({ type: "load", states: await this.#withNewestRuns(states) });
      after = states.at(-1)?.job.jobId ?? null;
    }
    const { jobs, letters } = this.#options.stores;
    const now = this.#options.now();
    await this.#pages(
      (last: RecentRun | null) => jobs.recentRuns(partitions, now, last),
      (runs) => this.#tell({ type: "recent", runs }),
    );
    await this.#pages(
      (last: KeptLetter | null) => letters.load(partitions, last),
      (page) => this.#tell({ type: "letters", letters: page }),
    );
  }

  async #pages<T>(
    read: (last: T | null) => Promise<readonly T[]>,
    use: (page: readonly T[]) => void,
  ): Promise<void> {
    for (let page = await read(null); page.length > 0; page = await read(page.at(-1) ?? null)) {
      use(page);
    }
  }

  /** Jobs whose state this program cannot read are rebuilt from their newest runs (UNIT-7). */
  async #withNewestRuns(states: readonly StoredJobState[]): Promise<readonly StoredJobState[]> {
    const summaries = new Map<string, readonly string[]>();
    const unreadable = states.filter(needsNewestRuns).map(({ job }) => job.jobId);
    for (let at = 0; at < unreadable.length; at += LIMITS.jobsRebuiltAtOnce) {
      const jobIds = unreadable.slice(at, at + LIMITS.jobsRebuiltAtOnce);
      const found = await this.#options.stores.jobs.newestRuns(jobIds);
      for (const one of found) summaries.set(one.jobId, one.summaries);
    }
    return states.map((stored) => {
      const newestRuns = summaries.get(stored.job.jobId);
      return newestRuns === undefined ? stored : { ...stored, newestRuns };
    });
  }

  #tell(message: ToShard): void {
    this.#thread?.port.postMessage(message);
  }

  #receive(message: FromShard): void {
    switch (message.type) {
      case "ready":
        break;
      case "rows":
        this.#options.onRows(message.rows);
        break;
      case "piece":
        void this.#save(message);
        break;
      case "caught-up":
        this.#stats = message.stats;
        this.#caughtUp = true;
        this.#onCaughtUp();
        break;
      case "stats":
        this.#stats = message.stats;
        break;
      case "dead-letter":
        this.#options.onDeadLetter(message.letter);
        break;
      case "lost":
        this.#options.onLost(message.partitions);
        break;
      case "stopped":
        this.#onStopped();
        break;
    }
  }

  async #save({ piece }: Extract<FromShard, { type: "piece" }>): Promise<void> {
    const thread = this.#thread;
    try {
      const saved = await this.#options.stores.units.save(piece);
      if (thread !== this.#thread) return;
      if (piece.mark !== null && saved.lostPartitions.length === 0) {
        this.#mark = piece.mark.position;
        this.#options.onMark();
      }
      this.#tell({ type: "saved", saved });
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.#options.onSaveFailed(cause);
      const refused = error instanceof Error && "code" in error && error.code === "refused";
      const tell = () => {
        if (thread !== this.#thread) return;
        this.#tell({ type: "save-failed", message: cause.message, refused });
      };
      // What was refused is split at once; a store that is away gets time to come back.
      if (refused) tell();
      else setTimeout(tell, SAVE_RETRY_MS).unref();
    }
  }
}

/** Partitions and shards always cover the whole job space. */
export function shardCountOf(wanted: number): number {
  return Math.max(1, Math.min(wanted, LIMITS.partitions));
}
