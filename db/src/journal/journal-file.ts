import type Sqlite from "better-sqlite3";
import { JournalError } from "./journal-error.ts";

/** Layout of the rows' `bytes` that this program writes; it reads every version up to this one. */
export const RECORD_VERSION = 2;
const FILE_VERSION = 1;

/** Makes the tables of a new file; refuses a file of a newer program. */
export function prepareJournal(connection: Sqlite.Database): void {
  const version = Number(connection.pragma("user_version", { simple: true }));
  if (version > FILE_VERSION) {
    throw new JournalError(
      "journal_newer",
      `The journal has file version ${version}; this program knows up to ${FILE_VERSION}. Start the newer version once and let it drain.`,
    );
  }
  if (version === FILE_VERSION) return;
  connection
    .transaction(() => {
      // AUTOINCREMENT keeps the highest position ever used, even when every row is gone.
      connection.exec(`
        create table if not exists journal (
          position integer primary key autoincrement,
          record_version integer not null,
          partition_no integer not null,
          received_at integer not null,
          contract text not null,
          source_id text not null,
          bytes blob not null
        );
        create table if not exists journal_meta (meta_key text primary key, meta_value not null);
      `);
      connection.pragma(`user_version = ${FILE_VERSION}`);
    })
    .immediate();
}

/** Statement text for the highest position ever committed; no row while nothing was written. */
export const END_SQL = "select seq from sqlite_sequence where name = 'journal'";

/** Runs `use` on the connection, or fails with `closed`. */
export function onOpen<T>(connection: Sqlite.Database, use: (connection: Sqlite.Database) => T): T {
  if (!connection.open) {
    throw new JournalError("closed", "The journal is closed; open it again before using it.");
  }
  return use(connection);
}
