import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { API_LIMITS } from "../options.ts";

/** The slice of the log that is watched. */
export interface WatchedLog {
  readonly failure: string | null;
  stats(): Promise<{
    readonly rows: number;
    readonly oldestReceivedAt: number | null;
    readonly bytes: number;
  }>;
  prove(): Promise<void>;
}

export interface DiskFacts {
  /** Free for this process on the fuller of the disks of store and journal, bytes. */
  readonly freeBytes: number | null;
  readonly journalRows: number;
  /** Receipt of the oldest row, epoch ms. */
  readonly journalOldestAt: number | null;
  readonly journalBytes: number;
  readonly journalWalBytes: number;
  readonly storeWalBytes: number;
  /** Why the journal gave no answer when last asked. */
  readonly journalError: string | null;
}

const NOTHING_KNOWN: DiskFacts = {
  freeBytes: null,
  journalRows: 0,
  journalOldestAt: null,
  journalBytes: 0,
  journalWalBytes: 0,
  storeWalBytes: 0,
  journalError: null,
};

export interface DiskWatchOptions {
  readonly storePath: string;
  readonly journalPath: string;
  readonly log: WatchedLog;
}

/**
 * Looks at the disks and the journal at intervals, so that intake can stop before a disk is full. While the journal
 * fails it tries a small write each time: health tells the truth also when nobody sends anything.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #facts: DiskFacts = NOTHING_KNOWN;
  #looking = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  get facts(): DiskFacts {
    return this.#facts;
  }

  start(): void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), API_LIMITS.diskWatchMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { storePath, journalPath, log } = this.#options;
    const [freeBytes, journalWalBytes, storeWalBytes, journal] = await Promise.all([
      freeBytesOf([storePath, journalPath]),
      bytesOf(`${journalPath}-wal`),
      bytesOf(`${storePath}-wal`),
      this.#askJournal(),
      log.failure === null ? null : log.prove().catch(() => {}),
    ]);
    this.#facts = { ...this.#facts, ...journal, freeBytes, journalWalBytes, storeWalBytes };
    this.#looking = false;
  }

  async #askJournal(): Promise<Partial<DiskFacts>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new Error(`no answer within ${API_LIMITS.probeMs} ms`);
      timer = setTimeout(() => reject(error), API_LIMITS.probeMs);
    });
    try {
      const { rows, oldestReceivedAt, bytes } = await Promise.race([
        this.#options.log.stats(),
        late,
      ]);
      return {
        journalRows: rows,
        journalOldestAt: oldestReceivedAt,
        journalBytes: bytes,
        journalError: null,
      };
    } catch (error) {
      return { journalError: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}

async function freeBytesOf(files: readonly string[]): Promise<number | null> {
  const free = await Promise.all(
    files.map(async (file) => {
      try {
        const { bavail, bsize } = await statfs(dirname(file));
        return bavail * bsize;
      } catch {
        return Number.POSITIVE_INFINITY;
      }
    }),
  );
  const least = Math.min(...free);
  return Number.isFinite(least) ? least : null;
}

async function bytesOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
