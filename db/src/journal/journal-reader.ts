import {
  type Contract,
  type JournalReader,
  LIMITS,
  MANY_PARTITIONS,
  type PositionedRecord,
} from "@batchwatch/engine";
import type Sqlite from "better-sqlite3";
import { openConnection } from "../dialects/sqlite-connection.ts";
import { JournalError } from "./journal-error.ts";
import { END_SQL, onOpen, RECORD_VERSION } from "./journal-file.ts";

interface JournalRow {
  readonly position: number;
  readonly record_version: number;
  readonly partition_no: number;
  readonly received_at: number;
  readonly contract: Contract;
  readonly source_id: string;
  readonly bytes: Uint8Array;
}

/**
 * A read-only view of a journal file that a writer has made; fails while there is none (the caller
 * retries). Each call is one short read, so the write-ahead log never grows behind it.
 *
 * A caller that takes `end()` before `readAfter` and gets less than both limits may move its
 * cursor to that end: then rows of other shards are not passed over again.
 */
export function openJournalReader(path: string): JournalReader {
  const connection = openConnection(path, { readonly: true });
  try {
    return new SqliteJournalReader(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

class SqliteJournalReader implements JournalReader {
  readonly #connection: Sqlite.Database;
  readonly #read: Sqlite.Statement<[number, number, number, number], JournalRow>;
  readonly #end: Sqlite.Statement<[], { seq: number }>;

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
    this.#end = connection.prepare(END_SQL);
    this.#read = connection.prepare(
      `select position, record_version, partition_no, received_at, contract, source_id, bytes from journal where position > ? and (partition_no = ${MANY_PARTITIONS} or partition_no % ? = ?) order by position limit ?`,
    );
  }

  readAfter(
    position: number,
    shardIndex: number,
    shardCount: number,
    limit: number,
  ): PositionedRecord[] {
    return onOpen(this.#connection, () => {
      const records: PositionedRecord[] = [];
      let bytes = 0;
      for (const row of this.#read.iterate(position, shardCount, shardIndex, limit)) {
        records.push(recordOf(row));
        bytes += row.bytes.byteLength;
        if (bytes >= LIMITS.journalReadBytes) break;
      }
      return records;
    });
  }

  end(): number {
    return onOpen(this.#connection, () => this.#end.get()?.seq ?? 0);
  }

  close(): void {
    this.#connection.close();
  }
}

function recordOf(row: JournalRow): PositionedRecord {
  if (row.record_version > RECORD_VERSION) {
    throw new JournalError(
      "record_version",
      `Journal row ${row.position} has record version ${row.record_version}; this program reads up to ${RECORD_VERSION}.`,
    );
  }
  return {
    position: row.position,
    partition: row.partition_no,
    receivedAt: row.received_at,
    contract: row.contract,
    sourceId: row.source_id,
    bytes: row.bytes,
  };
}
