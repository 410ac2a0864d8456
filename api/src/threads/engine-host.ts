import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Board, DeadLetter, Stores } from "@batchwatch/engine";
import type { Logger } from "../logger.ts";
import { LogClient } from "./log-client.ts";
import type { StoreCall } from "./messages.ts";
import { StatelessPool, ThreadPool } from "./pool.ts";
import { ShardHost, shardCountOf } from "./shard-host.ts";
import { StoreClient, storesOver } from "./store-client.ts";

/** A shard that dies this often within a minute is not started again; the process ends and says why. */
const RESTARTS_PER_MINUTE = 5;
const RESTART_DELAY_MS = 200;
/** Reads that may wait for a reader thread. */
const QUEUED_READS = 1_000;

export interface EngineHostOptions {
  readonly storePath: string;
  readonly journalPath: string;
  readonly shards: number;
  readonly board: Board;
  readonly now: () => number;
  readonly logger: Logger;
  /** The board changed. */
  readonly onRows: () => void;
  /** A thread that nothing works without has died. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Starts and connects the threads: log, store and shards, in the order the design names
 * (term + 1 → jobs loaded → journal read to its end → live).
 */
export class EngineHost {
  readonly stores: Stores;
  /** The same stores, read-only, in threads of their own. */
  readonly readers: Stores;
  readonly log: LogClient;
  readonly #options: EngineHostOptions;
  readonly #pool: ThreadPool;
  readonly #store: StoreClient;
  readonly #reads: StatelessPool<unknown, unknown>;
  readonly #hosts: readonly ShardHost[];
  readonly #ended: Promise<unknown>[] = [];
  #truncated = 0;
  #truncating = false;
  #stopping = false;
  #deaths: number[] = [];

  constructor(options: EngineHostOptions) {
    this.#options = options;
    const count = shardCountOf(options.shards);
    this.#pool = new ThreadPool(count + 2);
    const store = this.#pool.run("store", { path: options.storePath });
    this.#store = new StoreClient(store.port);
    this.stores = this.#store.stores;
    this.#watch("store", store.ended, (cause) => this.#store.died(cause));
    const log = this.#pool.run("log", { path: options.journalPath });
    this.log = new LogClient(log.port, (end) => {
      for (const host of this.#hosts) host.reached(end);
    });
    this.#watch("log", log.ended, (cause) => this.log.died(cause));
    this.#reads = new StatelessPool("reader", 1, QUEUED_READS);
    this.readers = storesOver((name, method, args) => {
      const call: Pick<StoreCall, "store" | "method" | "args"> = { store: name, method, args };
      return this.#reads.run({ path: options.storePath, call });
    });
    this.#hosts = Array.from({ length: count }, (_, index) => this.#host(index, count));
  }

  static async open(options: EngineHostOptions): Promise<EngineHost> {
    await mkdir(dirname(options.storePath), { recursive: true });
    await mkdir(dirname(options.journalPath), { recursive: true });
    const engine = new EngineHost(options);
    await Promise.all([engine.#store.ready, engine.log.ready]);
    return engine;
  }

  /** Starts the shards; resolves when all have read to the journal's end. */
  async start(): Promise<void> {
    await Promise.all(this.#hosts.map((host, index) => this.#startShard(host, index)));
  }

  get caughtUp(): boolean {
    return this.#hosts.every((host) => host.caughtUp);
  }

  get stats(): {
    jobs: number;
    unsavedJobs: number;
    factsApplied: number;
    deadLetters: number;
    behind: number;
    storeCalls: number;
  } {
    const sum = {
      jobs: 0,
      unsavedJobs: 0,
      factsApplied: 0,
      deadLetters: 0,
      behind: 0,
      storeCalls: this.#store.pending,
    };
    for (const { stats } of this.#hosts) {
      if (stats === null) continue;
      sum.jobs += stats.jobs;
      sum.unsavedJobs += stats.unsavedJobs;
      sum.factsApplied += stats.factsApplied;
      sum.deadLetters += stats.deadLetters;
      sum.behind = Math.max(sum.behind, this.log.end - stats.position);
    }
    return sum;
  }

  /** Rows of the journal that are not yet known to be saved; 0 until the shards know their marks. */
  get unsavedRecords(): number {
    return this.#hosts.every((host) => host.stats !== null) ? this.log.end - this.#mark : 0;
  }

  /** Drains: shards read and save everything, the journal is emptied, threads end. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#hosts.map((host) => host.stop()));
    await this.log.truncate(this.#mark);
    for (const host of this.#hosts) host.close();
    this.log.stop();
    this.#store.stop();
    await Promise.allSettled(this.#ended);
    await this.#reads.destroy();
    await this.#pool.destroy();
  }

  get #mark(): number {
    return Math.min(...this.#hosts.map((host) => host.mark));
  }

  #host(index: number, count: number): ShardHost {
    const { board, now, logger, journalPath, onRows } = this.#options;
    return new ShardHost({
      index,
      count,
      stores: this.stores,
      spawn: () => this.#pool.run("shard", { index, count, journalPath }),
      journalEnd: () => this.log.end,
      now,
      onRows: (rows) => {
        board.apply(rows, now());
        onRows();
      },
      onDeadLetter: (letter) => this.#deadLetter(letter),
      onMark: () => void this.#truncate(),
      onSaveFailed: (error) =>
        logger.error({ err: error }, "the store refused a save; it is tried again"),
      onLost: (partitions) =>
        this.#options.onFatal(
          new Error(`Another Batchwatch process took over partitions ${partitions.join(", ")}.`),
        ),
    });
  }

  async #startShard(host: ShardHost, index: number): Promise<void> {
    const { caughtUp, ended } = await host.start();
    const watched = ended.then(
      () => undefined,
      (error: unknown) => {
        if (!this.#stopping) this.#restart(host, index, error);
      },
    );
    this.#ended.push(watched);
    await caughtUp;
  }

  #restart(host: ShardHost, index: number, error: unknown): void {
    const { logger, now, onFatal } = this.#options;
    logger.error({ err: error, shard: index }, "a shard died; a new one takes its jobs");
    this.#deaths = [...this.#deaths.filter((at) => at > now() - 60_000), now()];
    if (this.#deaths.length > RESTARTS_PER_MINUTE) {
      onFatal(
        new Error(`Shards died ${this.#deaths.length} times within a minute.`, { cause: error }),
      );
      return;
    }
    host.close();
    setTimeout(() => {
      this.#startShard(host, index).catch((cause: unknown) => this.#restart(host, index, cause));
    }, RESTART_DELAY_MS);
  }

  #watch(name: string, ended: Promise<void>, died: (cause: Error) => void): void {
    this.#ended.push(
      ended.then(
        () => undefined,
        (error: unknown) => {
          const cause = new Error(`The ${name} thread died`, { cause: error });
          died(cause);
          if (!this.#stopping) this.#options.onFatal(cause);
        },
      ),
    );
  }

  #deadLetter(letter: DeadLetter): void {
    const { sourceId, contract, receivedAt, position, reason } = letter;
    this.#options.logger.error({ position, sourceId, reason }, "a fact could not be applied");
    const message = `The engine could not apply journal row ${position}: ${reason}`;
    this.stores.sources
      .reject([{ sourceId, receivedAt, contract, code: "not_applied", message, excerpt: "" }])
      .catch((error: unknown) =>
        this.#options.logger.error({ err: error }, "a dead letter was not kept"),
      );
  }

  async #truncate(): Promise<void> {
    if (this.#truncating || this.#mark <= this.#truncated || this.#stopping) return;
    this.#truncating = true;
    try {
      const mark = this.#mark;
      await this.log.truncate(mark);
      this.#truncated = mark;
    } catch (error) {
      this.#options.logger.error({ err: error }, "the journal could not be truncated");
    } finally {
      this.#truncating = false;
    }
  }
}
