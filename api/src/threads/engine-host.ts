import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type {
  Board,
  DeadLetter,
  JournalBond,
  JournalDamage,
  Rejection,
  RetainedKind,
  Stores,
} from "@batchwatch/engine";
import type { Logger } from "../logger.ts";
import { causeOf, OwnWordsError } from "../own-words.ts";
import { API_LIMITS } from "../options.ts";
import { Crew, type CrewMember, type NamedReport } from "./crew.ts";
import { joinJournal } from "./join-journal.ts";
import { JournalWatch } from "./journal-watch.ts";
import type { ShardNews } from "./reload-jobs.ts";
import { LogClient } from "./log-client.ts";
import { UpkeepWatch } from "./upkeep-watch.ts";
import type { StoreCall } from "./messages.ts";
import { StatelessPool } from "./pool.ts";
import { ShardHost, type ShardHostOptions, shardCountOf } from "./shard-host.ts";
import { openRunsOf, type ShardSums, sumsOf } from "./shard-sums.ts";
import { StoreClient, storesOver } from "./store-client.ts";
import { Truncator } from "./truncator.ts";
import { within } from "../within.ts";

/** Positions of which neither journal nor store knows what they held. */
interface StoreRestored {
  readonly markedTo: number;
  readonly truncatedTo: number;
}

export interface EngineHostOptions {
  readonly storePath: string;
  /** What the audit trail is sealed with (auth/audit-key.ts). */
  readonly auditKey: Buffer;
  /** How long what is kept by the host's settings, days. */
  readonly retentionDays: Readonly<Record<RetainedKind, number>>;
  readonly journalPath: string;
  readonly shards: number;
  /** Heap of one thread, MiB. */
  readonly threadHeapMb: number;
  /** Folder of the signal files of tests; null outside of tests. */
  readonly faultsDir: string | null;
  readonly board: Board;
  readonly now: () => number;
  readonly logger: Logger;
  /** Tells a shard what people set, before it starts reading; called at each of its starts. */
  readonly prepareShard: (tell: (news: ShardNews) => void) => Promise<void>;
  /** The board changed. */
  readonly onRows: () => void;
  /** Alerts that a save changed: incidents are made of them. */
  readonly onAlerts: ShardHostOptions["onAlerts"];
  /** Facts that could not be applied, as the source's rejections show them. [SUP-8] */
  readonly onDeadLetter: (rejection: Rejection) => void;
  /** The store is older than what the journal has already given up. [UNIT-9] */
  readonly onStoreRestored?: (gap: StoreRestored) => void;
  /** Accepted facts at these positions cannot be read any more. */
  readonly onJournalDamaged?: (damage: JournalDamage) => void;
  /** Nothing works without what is gone. `ended`: no thread is left inside a call, so the process can exit. */
  readonly onFatal: (error: Error, ended: boolean) => void;
}

/**
 * Starts, connects and keeps the threads: log, store and shards, in the order the design names
 * (term + 1 → jobs loaded → journal read to its end → live).
 */
export class EngineHost {
  readonly stores: Stores;
  /** The same stores, read-only, in threads of their own. */
  readonly readers: Stores;
  readonly log: LogClient;
  readonly upkeep: UpkeepWatch;
  readonly journal: JournalWatch;
  readonly #options: EngineHostOptions;
  readonly #crew: Crew;
  readonly #store: StoreClient;
  readonly #reads: StatelessPool<unknown, unknown>;
  readonly #hosts: readonly ShardHost[];
  readonly #truncator: Truncator;
  readonly #opened: Promise<JournalBond>;
  #announceJournal: (bond: JournalBond) => void = () => {};
  #announceStore: () => void = () => {};
  #restored: StoreRestored | null = null;
  #storeTrouble: string | null = null;
  #wasLive = false;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    this.upkeep = new UpkeepWatch(options.logger);
    this.journal = new JournalWatch(options.logger);
    const journal = new Promise<JournalBond>((resolve) => {
      this.#announceJournal = resolve;
    });
    const store = new Promise<void>((resolve) => {
      this.#announceStore = resolve;
    });
    this.#opened = Promise.all([journal, store]).then(([bond]) => bond);
    this.#store = new StoreClient(
      () => {
        this.#crew.ready("store");
        this.#announceStore();
      },
      (news) => this.upkeep.take(news),
    );
    this.stores = this.#store.stores;
    this.log = new LogClient({
      onEnd: (end) => {
        for (const host of this.#hosts) host.reached(end);
      },
      onReady: (bond) => {
        this.#crew.ready("log");
        this.#announceJournal(bond);
      },
    });
    this.#truncator = new Truncator({
      log: this.log,
      mark: () => this.#mark,
      logger: options.logger,
    });
    this.#reads = new StatelessPool("reader", 1, API_LIMITS.queuedReads);
    this.readers = storesOver((name, method, args) => {
      const call: Pick<StoreCall, "store" | "method" | "args"> = { store: name, method, args };
      return this.#reads.run({ path: options.storePath, call });
    });
    const count = shardCountOf(options.shards);
    this.#hosts = Array.from({ length: count }, (_, index) => this.#host(index, count));
    this.#crew = new Crew({
      members: this.#members(count),
      heapMb: options.threadHeapMb,
      faultsDir: options.faultsDir,
      logger: options.logger,
      onFatal: (error) => void this.#fatal(error),
    });
  }

  /** Fails with `foreign_store` when the journal holds facts of another store. */
  static async open(options: EngineHostOptions): Promise<EngineHost> {
    await mkdir(dirname(options.storePath), { recursive: true });
    await mkdir(dirname(options.journalPath), { recursive: true });
    const engine = new EngineHost(options);
    engine.#crew.start("store");
    engine.#crew.start("log");
    const bond = await engine.#opened;
    try {
      await engine.#join(bond);
    } catch (error) {
      await engine.#crew.end(API_LIMITS.threadEndMs);
      throw error;
    }
    return engine;
  }

  /** Starts the shards; resolves when all have read to the journal's end. */
  async start(): Promise<void> {
    for (const index of this.#hosts.keys()) this.#crew.start(shardName(index));
    await Promise.all(this.#hosts.map((host) => host.firstCaughtUp));
    this.#wasLive = true;
  }

  /** Tells every shard; one that starts later is told by `prepareShard`. */
  tellShards(news: ShardNews): void {
    for (const host of this.#hosts) host.tell(news);
  }

  /** Every shard has read to the journal's end as it was when the shard started. */
  get caughtUp(): boolean {
    return this.#hosts.every((host) => host.caughtUp);
  }

  /** The board has been complete since the start; a shard that is replaced does not change that. */
  get wasLive(): boolean {
    return this.#wasLive;
  }

  get threads(): readonly NamedReport[] {
    return this.#crew.reports();
  }

  /** How late each thread's event loop ran at most since this was last asked. */
  takeThreadDelays(): readonly { readonly name: string; readonly ms: number }[] {
    return this.#crew.takeDelays();
  }

  /** When the oldest piece that the store has not answered was given to it, epoch ms; null: it owes no answer. */
  get savingSince(): number | null {
    const since = this.#hosts.flatMap(({ savingSince }) => savingSince ?? []);
    return since.length === 0 ? null : Math.min(...since);
  }

  /** Why nothing is saved for now; null while saving works. */
  get storeTrouble(): string | null {
    return this.#storeTrouble;
  }

  /** Which shard cannot load its jobs, and why; null: none. */
  get loadTrouble(): { readonly name: string; readonly cause: string } | null {
    for (const [index, { loadTrouble }] of this.#hosts.entries()) {
      if (loadTrouble !== null) return { name: shardName(index), cause: causeOf(loadTrouble) };
    }
    return null;
  }

  /** The gap found at the start, if the store was an older one. */
  get restored(): StoreRestored | null {
    return this.#restored;
  }

  /** Runs under way, by source. */
  get openRuns(): ReadonlyMap<string, number> {
    return openRunsOf(this.#hosts);
  }

  get stats(): ShardSums & { readonly storeCalls: number } {
    return { ...sumsOf(this.#hosts, this.log.end), storeCalls: this.#store.pending };
  }

  /** Rows of the journal that are not yet known to be saved; 0 until the shards know their marks. */
  get unsavedRecords(): number {
    return this.#hosts.every((host) => host.mark !== null) ? this.log.end - this.#mark : 0;
  }

  /** Drains: shards read and save everything, the journal is emptied, threads end. What cannot be saved in time stays in the journal. [SUP-6] */
  async stop(): Promise<void> {
    const { stopDrainMs, threadEndMs } = API_LIMITS;
    const drained = await within(
      Promise.all(this.#hosts.map((host) => host.stop())).then(() => this.log.truncate(this.#mark)),
      stopDrainMs,
    );
    const saved = this.#mark >= this.log.end;
    this.#crew.stop();
    for (const host of this.#hosts) host.close();
    // Who only reads leaves first: the last one out folds the write-ahead log back into the file.
    await Promise.all([
      this.#crew.gone(
        this.#hosts.map((_host, index) => shardName(index)),
        threadEndMs,
      ),
      within(this.#reads.destroy(), threadEndMs),
    ]);
    this.log.stop(saved && this.journal.damagedPositions > 0);
    this.#store.stop();
    if (!drained && !saved) {
      this.#options.logger.warn(
        { records: this.unsavedRecords },
        "not everything could be saved in time; it is in the journal and read at the next start",
      );
    }
    await this.#crew.end(threadEndMs);
  }

  get #mark(): number {
    return Math.min(...this.#hosts.map((host) => host.mark ?? 0));
  }

  #members(count: number): CrewMember[] {
    const { storePath, journalPath, auditKey, retentionDays } = this.#options;
    const store: CrewMember = {
      name: "store",
      file: "store",
      options: { path: storePath, auditKey, retentionDays },
      joined: (port) => this.#store.attach(port),
      left: (cause) => this.#store.detach(cause),
    };
    const log: CrewMember = {
      name: "log",
      file: "log",
      options: { path: journalPath },
      joined: (port) => this.log.attach(port),
      left: (cause) => this.log.detach(cause),
    };
    const shards = this.#hosts.map((host, index): CrewMember => ({
      name: shardName(index),
      file: "shard",
      options: { index, count, journalPath, storePath },
      joined: (port) => host.attach(port),
      left: () => host.detach(),
    }));
    return [store, log, ...shards];
  }

  #host(index: number, count: number): ShardHost {
    const { board, now, logger, onRows } = this.#options;
    return new ShardHost({
      index,
      count,
      stores: this.stores,
      journalEnd: () => this.log.end,
      onReady: () => this.#crew.ready(shardName(index)),
      now,
      onRows: (rows) => {
        board.apply(rows, now());
        onRows();
      },
      onDeadLetter: (letter) => this.#deadLetter(letter),
      onDamage: (damage) => {
        if (this.journal.damaged(damage)) this.#options.onJournalDamaged?.(damage);
      },
      onStats: ({ journalTrouble }) => this.journal.read(shardName(index), journalTrouble),
      onMark: () => void this.#truncator.run(),
      onAlerts: this.#options.onAlerts,
      onSaveFailed: (error) =>
        logger.error({ err: error }, "the store refused a save; it is tried again"),
      prepare: (tell) => this.#options.prepareShard(tell),
      onRenamed: (renamed) =>
        this.tellShards({ type: "renamed", jobIds: renamed.flatMap(({ from, to }) => [from, to]) }),
      onStoreTrouble: (error) => this.#saving(error),
      onNotLoaded: (error) =>
        logger.error({ err: error, thread: shardName(index) }, "a shard's jobs cannot be loaded"),
      onLost: (partitions) =>
        void this.#fatal(
          new OwnWordsError(
            `Another Batchwatch process took over partitions ${partitions.join(", ")}.`,
          ),
        ),
    });
  }

  async #join(bond: JournalBond): Promise<void> {
    const { logger, onStoreRestored } = this.#options;
    const verdict = await joinJournal(this.log, bond, this.stores);
    if (verdict.type === "restored") {
      const { markedTo, truncatedTo } = verdict;
      this.#restored = { markedTo, truncatedTo };
      logger.error(
        { markedTo, truncatedTo },
        "the store is older than the journal: facts between these positions are in neither",
      );
      onStoreRestored?.(this.#restored);
    } else if (verdict.rebound) {
      logger.warn({}, "the empty journal goes on with another store");
    }
  }

  async #fatal(error: Error): Promise<void> {
    this.#options.onFatal(error, await this.#crew.end(API_LIMITS.threadEndMs));
  }

  #saving(error: Error | null): void {
    const { logger } = this.#options;
    const code = error === null ? null : causeOf(error);
    if (code === this.#storeTrouble) return;
    this.#storeTrouble = code;
    if (error === null) logger.info({}, "the store saves again");
    else logger.warn({ err: error }, "nothing is saved for now; facts are kept in the journal");
  }

  #deadLetter(letter: DeadLetter): void {
    const { sourceId, contract, receivedAt, position, reason } = letter;
    // Not the reason: it may quote the fact. The source's rejected list has it.
    this.#options.logger.error({ position, sourceId }, "a fact could not be applied");
    const message = `The engine could not apply journal row ${position}: ${reason}`;
    this.#options.onDeadLetter({
      sourceId,
      receivedAt,
      contract,
      code: "not_applied",
      message,
      excerpt: "",
    });
  }
}

function shardName(index: number): string {
  return `shard-${index}`;
}
