import type Sqlite from "better-sqlite3";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { DB_LIMITS } from "../schema/limits.ts";

/** A statement that does nothing. */
const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

/**
 * The slice of a connection that Kysely calls, with prepared statements kept by their text:
 * preparing again for each execution costs more than most of our statements.
 */
export class StatementCache implements SqliteDatabase {
  readonly #connection: Sqlite.Database;
  readonly #statements: Map<string, SqliteStatement> = new Map();

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
  }

  prepare(text: string): SqliteStatement {
    // After a full disk SQLite has rolled back by itself; a second rollback would hide the reason.
    if (text === "rollback" && !this.#connection.inTransaction) return NOTHING;
    // A deferred transaction that reads first fails at its first write when another process wrote
    // in between; an immediate one waits for its turn instead.
    const sql = text === "begin" && !this.#connection.readonly ? "begin immediate" : text;
    const kept = this.#statements.get(sql);
    if (kept !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, kept);
      return kept;
    }
    const statement: SqliteStatement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > DB_LIMITS.statements) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }
}
