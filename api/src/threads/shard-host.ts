import type { MessagePort } from "node:worker_threads";
import {
  type Alert,
  type BoardChange,
  type DeadLetter,
  type JournalDamage,
  LIMITS,
  partitionsOf,
  type Piece,
  type SavedPiece,
  saveFailureOf,
  type ShardStats,
  type Stores,
  type UpstreamJobs,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { crossed, type FromShardThread, type ToShardThread } from "./messages.ts";
import { reloadJobs, type ShardNews } from "./reload-jobs.ts";

export interface ShardHostOptions {
  readonly index: number;
  readonly count: number;
  readonly stores: Stores;
  readonly journalEnd: () => number;
  /** The thread has opened the journal. */
  readonly onReady: () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onRows: (rows: readonly BoardChange[]) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  readonly onDamage: (damage: JournalDamage) => void;
  /** What its thread says of itself, each second. */
  readonly onStats: (stats: ShardStats) => void;
  readonly onMark: () => void;
  /** The store has refused what it was given. */
  readonly onSaveFailed: (error: Error) => void;
  /** The store is away or its disk is full: nothing is saved for now. Null: it is saved again. */
  readonly onStoreTrouble: (error: Error | null) => void;
  /** It has tried to load its jobs in vain for a while; said again each minute. */
  readonly onNotLoaded: (error: Error) => void;
  readonly onLost: (partitions: readonly number[]) => void;
  /** Jobs that are part of other ones, in a unit that came from before the rename. */
  readonly onRenamed: (renamed: NonNullable<SavedPiece["renamed"]>) => void;
  /** Alerts that a save changed, as they stand now, and whom the jobs of those that fire wait for. */
  readonly onAlerts: (alerts: readonly Alert[], upstream: readonly UpstreamJobs[]) => void;
  /** Tells a new shard what people set, before it starts reading. */
  readonly prepare: (tell: (news: ShardNews) => void) => Promise<void>;
}

/** The main thread's end of one shard, whichever thread it is now: gives it its jobs, hands its rows to the board and its pieces to the store. */
export class ShardHost {
  readonly #options: ShardHostOptions;
  /** Resolves when it has first read to the journal's end. */
  readonly firstCaughtUp: Promise<void>;
  #port: MessagePort | null = null;
  #stats: ShardStats | null = null;
  #mark: number | null = null;
  #caughtUp = false;
  #loadTrouble: Error | null = null;
  /** When the piece that the store has not answered was given to it. */
  #savingSince: number | null = null;
  #stopping = false;
  #asked: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null;
  /** The board has had all rows of its jobs at least once. */
  #wasShown = false;
  readonly #toReload = new Set<string>();
  #reloading = false;
  #onCaughtUp: () => void = () => {};
  #onStopped: () => void = () => {};

  constructor(options: ShardHostOptions) {
    this.#options = options;
    this.firstCaughtUp = new Promise((resolve) => {
      this.#onCaughtUp = resolve;
    });
  }

  get stats(): ShardStats | null {
    return this.#stats;
  }

  /** Everything of its partitions up to here is saved; null until the store has said so for the first time. */
  get mark(): number | null {
    return this.#mark;
  }

  /** Since when the store owes it an answer, epoch ms; null while it owes none. */
  get savingSince(): number | null {
    return this.#savingSince;
  }

  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Why its jobs cannot be loaded, after some tries; null while they are or may soon be. */
  get loadTrouble(): Error | null {
    return this.#loadTrouble;
  }

  attach(port: MessagePort): void {
    this.#port = port;
    port.on("message", (message: FromShardThread) => this.#receive(message, port));
    void this.#takeOver(port);
  }

  detach(): void {
    this.#port = null;
    this.#asked = null;
    this.#caughtUp = false;
    this.#loadTrouble = null;
    this.#savingSince = null;
  }

  tell(news: ShardNews): void {
    if (news.type === "renamed") void this.#renamed(news.jobIds);
    else this.#post(news);
  }

  reached(end: number): void {
    this.tell({ type: "end", end });
  }

  /** Reads to the end, saves everything; resolves when that is done. */
  stop(): Promise<void> {
    this.#stopping = true;
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
    });
    this.tell({ type: "stop" });
    return stopped;
  }

  /** Ends the thread without waiting for anything. */
  close(): void {
    this.#port?.close();
    this.#port = null;
  }

  /** Claims the partitions with a new term, loads their jobs and starts to read; waits for the store as long as it takes. */
  async #takeOver(port: MessagePort): Promise<void> {
    let saidAt = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; this.#port === port; attempt += 1) {
      try {
        if (attempt > 0) this.#post({ type: "anew" });
        await this.#begin(port);
        this.#loadTrouble = null;
        this.#options.onStoreTrouble(null);
        return;
      } catch (error) {
        if (this.#port !== port) return;
        const cause = asError(error);
        if (attempt === 0) {
          this.#options.onStoreTrouble(cause);
          // Of a store that cannot be read either nothing is shown; its trouble is said.
          await this.#showStored(port).catch(() => {});
        }
        if (attempt + 1 >= API_LIMITS.loadTriesUnsaid) {
          this.#loadTrouble = cause;
          const now = this.#options.now();
          if (now - saidAt >= API_LIMITS.loadTroubleSaidMs) {
            saidAt = now;
            this.#options.onNotLoaded(cause);
          }
        }
        await pause(attempt);
      }
    }
  }

  /** A store that takes no writes (its disk is full) can be read all the same: what it holds is on the board meanwhile. [SUP-11] */
  async #showStored(port: MessagePort): Promise<void> {
    if (this.#wasShown || this.#port !== port) return;
    this.#post({ type: "anew" });
    await this.#ask({ type: "take-stored", now: this.#options.now() });
    if (this.#port !== port) return;
    await this.#options.prepare((news) => this.tell(news));
    if (this.#port !== port) return;
    await this.#ask({ type: "show" });
    this.#wasShown = true;
  }

  async #begin(port: MessagePort): Promise<void> {
    const { index, count, stores, journalEnd, now } = this.#options;
    const partitions = partitionsOf(index, count);
    const { term, marks } = await stores.partitions.claim(partitions);
    await this.#ask({ type: "take-stored", now: now() });
    if (this.#port !== port) return;
    await this.#options.prepare((news) => this.tell(news));
    if (this.#port !== port) return;
    this.#mark = Math.min(...marks.map((mark) => mark.position));
    // The last process may have died between a mark and the truncation up to it.
    this.#options.onMark();
    this.tell({ type: "start", term, marks, end: journalEnd() });
    this.reached(journalEnd());
    if (this.#stopping) this.tell({ type: "stop" });
  }

  /** The shard's own thread reads or shows what the store holds of its jobs; of a thread that dies meanwhile nothing more is heard. */
  #ask(message: Extract<ToShardThread, { type: "take-stored" | "show" }>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#post(message);
    });
  }

  /** One reload under way at a time; what is renamed meanwhile goes into the next, however often it is told. */
  async #renamed(jobIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) this.#toReload.add(jobId);
    if (this.#reloading) return;
    this.#reloading = true;
    const { index, count, stores, onSaveFailed } = this.#options;
    const partitions = partitionsOf(index, count);
    try {
      while (this.#toReload.size > 0) {
        const now = [...this.#toReload];
        this.#toReload.clear();
        await reloadJobs(stores, partitions, now, (message) => this.#post(message));
      }
    } catch (error) {
      onSaveFailed(asError(error));
    } finally {
      this.#reloading = false;
    }
  }

  #post(message: ToShardThread): void {
    this.#port?.postMessage(message);
  }

  #receive(message: FromShardThread, port: MessagePort): void {
    switch (message.type) {
      case "ready":
        this.#options.onReady();
        break;
      case "took-stored":
      case "shown":
        this.#asked?.resolve();
        break;
      case "not-loaded":
        this.#asked?.reject(crossed(message.error));
        break;
      case "rows":
        this.#options.onRows(message.rows);
        break;
      case "piece":
        void this.#save(message.piece, port);
        break;
      case "caught-up":
        this.#stats = message.stats;
        this.#caughtUp = true;
        this.#wasShown = true;
        this.#onCaughtUp();
        break;
      case "stats":
        this.#stats = message.stats;
        this.#options.onStats(message.stats);
        break;
      case "dead-letter":
        this.#options.onDeadLetter(message.letter);
        break;
      case "damaged":
        this.#options.onDamage(message.damage);
        break;
      case "lost":
        this.#options.onLost(message.partitions);
        break;
      case "stopped":
        this.#onStopped();
        break;
    }
  }

  /** Sends a piece until the store has an opinion on it: written again it changes nothing. [UNIT-2] */
  async #save(piece: Piece, port: MessagePort): Promise<void> {
    this.#savingSince = this.#options.now();
    await this.#saveUntilAnswered(piece, port);
    if (this.#port === port) this.#savingSince = null;
  }

  async #saveUntilAnswered(piece: Piece, port: MessagePort): Promise<void> {
    for (let attempt = 0; this.#port === port; attempt += 1) {
      try {
        const saved = await this.#options.stores.units.save(piece);
        this.#options.onStoreTrouble(null);
        if (this.#port === port) this.#saved(piece, saved);
        return;
      } catch (error) {
        const cause = asError(error);
        if (saveFailureOf(codeOf(cause)) === "refused") {
          this.#refused(cause, port);
          return;
        }
        if (attempt === 0) this.#options.onStoreTrouble(cause);
        await pause(attempt);
      }
    }
  }

  #saved(piece: Piece, saved: SavedPiece): void {
    if (piece.mark !== null && saved.lostPartitions.length === 0) {
      this.#mark = piece.mark.position;
      this.#options.onMark();
    }
    const { alerts, upstream = [], ...answer } = saved;
    this.tell({ type: "saved", saved: answer });
    if (alerts !== undefined) this.#options.onAlerts(alerts, upstream);
    if (saved.renamed !== undefined) this.#options.onRenamed(saved.renamed);
  }

  /** What was refused is split by the shard; every part of it that the store takes is kept. */
  #refused(cause: Error, port: MessagePort): void {
    this.#options.onSaveFailed(cause);
    if (this.#port !== port) return;
    this.#post({ type: "save-failed", message: cause.message, refused: true });
  }
}

function pause(attempt: number): Promise<void> {
  const ms = Math.min(
    API_LIMITS.storeRetryMs * 2 ** Math.min(attempt, 10),
    API_LIMITS.storeRetryMostMs,
  );
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function codeOf(error: Error): string | null {
  return "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Partitions and shards always cover the whole job space. */
export function shardCountOf(wanted: number): number {
  return Math.max(1, Math.min(wanted, LIMITS.partitions));
}
