import type { PositionedRecord } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { JournalReader } from "../ports/partition-log.ts";

export interface StretchReaderOptions {
  readonly index: number;
  readonly count: number;
  readonly reader: JournalReader;
}

export interface Stretch {
  readonly records: readonly PositionedRecord[];
  /** Nothing of this shard was behind them when it was read. */
  readonly isLast: boolean;
}

const NOTHING: Stretch = { records: [], isLast: false };

/** SQLite's codes, without what follows their family, that say something of the file's place and nothing of what is in it. */
const AWAY: ReadonlySet<string> = new Set([
  "SQLITE_IOERR",
  "SQLITE_BUSY",
  "SQLITE_CANTOPEN",
  "SQLITE_LOCKED",
  "SQLITE_NOMEM",
  "SQLITE_PROTOCOL",
  "SQLITE_READONLY",
]);

/**
 * Reads a shard's part of the journal, stretch by stretch. A volume that does not answer for a while is waited for: a
 * shard that died of it would find the same, and what it knows would be gone. [SUP-10]
 */
export class StretchReader {
  readonly #options: StretchReaderOptions;
  #trouble: string | null = null;
  #waits = false;

  constructor(options: StretchReaderOptions) {
    this.#options = options;
  }

  /** Why the journal cannot be read, as SQLite's code; null: the last read went well. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Nothing is read before {@link again}. */
  get waits(): boolean {
    return this.#waits;
  }

  /** What was found unreadable may be tried once more. */
  again(): void {
    this.#waits = false;
  }

  /** Throws what another try would not change. */
  readAfter(position: number): Stretch {
    if (this.#waits) return NOTHING;
    const { reader, index, count } = this.#options;
    try {
      const records = reader.readAfter(position, index, count, LIMITS.journalReadRows);
      this.#trouble = null;
      return { records, isLast: !isCutShort(records) };
    } catch (error) {
      this.#trouble = awayCodeOf(error);
      if (this.#trouble === null) throw error;
      this.#waits = true;
      return NOTHING;
    }
  }
}

function isCutShort(records: readonly PositionedRecord[]): boolean {
  if (records.length >= LIMITS.journalReadRows) return true;
  let bytes = 0;
  for (const record of records) bytes += record.bytes.byteLength;
  return bytes >= LIMITS.journalReadBytes;
}

function awayCodeOf(error: unknown): string | null {
  if (!(error instanceof Error && "code" in error)) return null;
  const code = String(error.code);
  return AWAY.has(code.split("_").slice(0, 2).join("_")) ? code : null;
}
