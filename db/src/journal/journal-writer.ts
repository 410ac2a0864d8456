import { statSync } from "node:fs";
import type { JournalRecord } from "@batchwatch/engine";
import type Sqlite from "better-sqlite3";
import { openConnection } from "../dialects/sqlite-connection.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { END_SQL, onOpen, prepareJournal, RECORD_VERSION } from "./journal-file.ts";

export interface JournalStats {
  /** Rows not yet truncated. */
  readonly rows: number;
  /** Time of receipt of the oldest of them, epoch milliseconds. */
  readonly oldestReceivedAt: number | null;
  /** What the journal file holds, without pages that are free again and without its write-ahead log. */
  readonly bytes: number;
  readonly walBytes: number;
}

/** The one writer of a journal file. Every method is synchronous; what returned is durable. */
export interface JournalWriter {
  /** One transaction; answers the last position, which is durable by then. */
  append(records: readonly JournalRecord[]): number;
  /** Removes everything up to `position` and gives its space back, piece by piece. */
  truncate(position: number): void;
  /**
   * One piece: at most `DB_LIMITS.truncateRows` rows are removed, and `DB_LIMITS.vacuumPages` pages handed back to the file
   * system. True when more is left of either: a row may be a whole request, of which one piece frees more than it hands back.
   */
  truncatePiece(position: number): boolean;
  /** Highest position ever written, 0 when none was. */
  end(): number;
  /** Everything up to here was removed after it had been saved; 0 when nothing was. */
  truncatedTo(): number;
  stats(): JournalStats;
  /** Id of the store this journal belongs to; null until it was bound. */
  storeId(): string | null;
  bindStore(storeId: string): void;
  /** Positions go on above `position`, also when the file is new; never backwards. */
  continueAfter(position: number): void;
  /** Writes and syncs one small row: proof that the disk takes writes again. */
  proveWritable(now: number): void;
  close(): void;
}

export function openJournalWriter(path: string): JournalWriter {
  const connection = openConnection(path);
  try {
    prepareJournal(connection);
    return new SqliteJournalWriter(connection, path);
  } catch (error) {
    connection.close();
    throw error;
  }
}

class SqliteJournalWriter implements JournalWriter {
  readonly #connection: Sqlite.Database;
  readonly #path: string;
  readonly #end: Sqlite.Statement<[], { seq: number }>;
  readonly #first: Sqlite.Statement<[], { position: number; received_at: number }>;
  readonly #readMeta: Sqlite.Statement<[string], { meta_value: string | number }>;
  readonly #writeMeta: Sqlite.Statement<[string, string | number]>;
  readonly #append: (records: readonly JournalRecord[]) => number;
  readonly #remove: (upTo: number) => void;

  constructor(connection: Sqlite.Database, path: string) {
    this.#connection = connection;
    this.#path = path;
    this.#end = connection.prepare(END_SQL);
    this.#first = connection.prepare(
      "select position, received_at from journal order by position limit 1",
    );
    this.#readMeta = connection.prepare("select meta_value from journal_meta where meta_key = ?");
    this.#writeMeta = connection.prepare(
      "insert or replace into journal_meta (meta_key, meta_value) values (?, ?)",
    );
    this.#append = this.#appending();
    this.#remove = this.#removing();
  }

  #appending(): (records: readonly JournalRecord[]) => number {
    const insert = this.#connection.prepare(
      "insert into journal (record_version, partition_no, received_at, contract, source_id, bytes) values (?, ?, ?, ?, ?, ?)",
    );
    const append = this.#connection.transaction((records: readonly JournalRecord[]) => {
      let last = 0;
      for (const { partition, receivedAt, contract, sourceId, bytes } of records) {
        const done = insert.run(RECORD_VERSION, partition, receivedAt, contract, sourceId, bytes);
        last = Number(done.lastInsertRowid);
      }
      return last;
    });
    return (records) => append.immediate(records);
  }

  #removing(): (upTo: number) => void {
    const remove = this.#connection.prepare("delete from journal where position <= ?");
    const removeUpTo = this.#connection.transaction((upTo: number) => {
      remove.run(upTo);
      this.#writeMeta.run("truncated_to", upTo);
    });
    return (upTo) => {
      removeUpTo.immediate(upTo);
    };
  }

  append(records: readonly JournalRecord[]): number {
    return onOpen(this.#connection, () =>
      records.length === 0 ? this.end() : this.#append(records),
    );
  }

  truncate(position: number): void {
    while (this.truncatePiece(position));
  }

  truncatePiece(position: number): boolean {
    return onOpen(this.#connection, (connection) => {
      const isMore = this.#removePiece(position);
      if (this.#freePages() <= DB_LIMITS.freePagesKept) return isMore;
      connection.pragma(`incremental_vacuum(${DB_LIMITS.vacuumPages})`);
      return isMore || this.#freePages() > DB_LIMITS.freePagesKept;
    });
  }

  /** Whether rows up to `position` are left. */
  #removePiece(position: number): boolean {
    const target = Math.min(position, this.end());
    const first = this.#first.get()?.position;
    if (target <= this.truncatedTo() || first === undefined) return false;
    // Rows leave from the front only, so positions are without gaps.
    const upTo = Math.min(target, first + DB_LIMITS.truncateRows - 1);
    this.#remove(upTo);
    return upTo < target;
  }

  #freePages(): number {
    return Number(this.#connection.pragma("freelist_count", { simple: true }));
  }

  end(): number {
    return onOpen(this.#connection, () => this.#end.get()?.seq ?? 0);
  }

  truncatedTo(): number {
    return Number(this.#meta("truncated_to") ?? 0);
  }

  stats(): JournalStats {
    return onOpen(this.#connection, (connection) => {
      const first = this.#first.get();
      const pages = Number(connection.pragma("page_count", { simple: true }));
      const pageBytes = Number(connection.pragma("page_size", { simple: true }));
      return {
        rows: first === undefined ? 0 : this.end() - first.position + 1,
        oldestReceivedAt: first?.received_at ?? null,
        bytes: (pages - this.#freePages()) * pageBytes,
        walBytes: statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      };
    });
  }

  storeId(): string | null {
    const stored = this.#meta("store_id");
    return stored === undefined ? null : String(stored);
  }

  bindStore(storeId: string): void {
    // At each start: one on a full disk must not fail for what is there already.
    if (this.storeId() === storeId) return;
    onOpen(this.#connection, () => this.#writeMeta.run("store_id", storeId));
  }

  continueAfter(position: number): void {
    onOpen(this.#connection, (connection) => {
      connection
        .transaction(() => {
          if (position <= this.end()) return;
          connection.prepare("delete from sqlite_sequence where name = 'journal'").run();
          connection
            .prepare("insert into sqlite_sequence (name, seq) values ('journal', ?)")
            .run(position);
        })
        .immediate();
    });
  }

  proveWritable(now: number): void {
    onOpen(this.#connection, () => this.#writeMeta.run("proved_at", now));
  }

  #meta(key: string): string | number | undefined {
    return onOpen(this.#connection, () => this.#readMeta.get(key)?.meta_value);
  }

  close(): void {
    this.#connection.close();
  }
}
