import Sqlite from "better-sqlite3";
import { DB_LIMITS } from "../schema/limits.ts";

export interface SqliteOpenOptions {
  /** Opens an existing file that this handle can never write. @default false */
  readonly readonly?: boolean;
}

/**
 * One better-sqlite3 connection with the settings every file of ours has: WAL, commits durable
 * before they return (`synchronous` FULL), foreign keys checked.
 */
export function openConnection(path: string, options: SqliteOpenOptions = {}): Sqlite.Database {
  const readonly = options.readonly ?? false;
  const connection = new Sqlite(path, {
    readonly,
    fileMustExist: readonly,
    timeout: DB_LIMITS.busyTimeoutMs,
  });
  try {
    if (!readonly) prepareFile(connection);
    connection.pragma("foreign_keys = ON");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function prepareFile(connection: Sqlite.Database): void {
  // Only takes effect before the first table, hence before the WAL header makes the file non-empty.
  if (connection.pragma("page_count", { simple: true }) === 0) {
    connection.pragma("auto_vacuum = INCREMENTAL");
  }
  connection.pragma("journal_mode = WAL");
  connection.pragma("synchronous = FULL");
  connection.pragma(`wal_autocheckpoint = ${DB_LIMITS.walCheckpointPages}`);
  connection.pragma(`journal_size_limit = ${DB_LIMITS.walKeptBytes}`);
}
