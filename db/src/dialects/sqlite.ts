import { Kysely, SqliteAdapter, SqliteDialect, type DialectAdapter } from "kysely";
import type { Database } from "../schema/database.ts";
import { openConnection, type SqliteOpenOptions } from "./sqlite-connection.ts";
import { StatementCache } from "./statement-cache.ts";

/** SQLite rolls DDL back, so that a migration that fails leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class StoreSqliteDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/**
 * Kysely over one SQLite connection. Its driver hands the connection to one transaction at a time,
 * so concurrent calls queue and never interleave. `destroy()` closes the file.
 */
export function openSqlite(path: string, options: SqliteOpenOptions = {}): Kysely<Database> {
  const connection = openConnection(path, options);
  return new Kysely<Database>({
    dialect: new StoreSqliteDialect({ database: new StatementCache(connection) }),
  });
}
