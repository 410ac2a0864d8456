import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../schema/database.ts";

/**
 * A transaction whose commit does not wait for the disk; others see it at once. It survives the end of the process as
 * any does, and a loss of power once any later transaction has been committed in the usual way: the log is one file, and
 * what is synced of it is all that was written before. For what can be made again from elsewhere until then.
 *
 * PostgreSQL has the same as `synchronous_commit = off`, Oracle as `commit write nowait`.
 */
export function commitLater<T>(
  db: Kysely<Database>,
  work: (tx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = full`.execute(connection);
    }
  });
}
