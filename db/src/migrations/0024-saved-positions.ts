import type { Kysely } from "kysely";

/** Up to where in the journal a saved job goes, and the highest such position of its partition. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ["job_state", "partition_owner"]) {
    await db.schema
      .alterTable(table)
      .addColumn("saved_position", "bigint", (c) => c.defaultTo(0).notNull())
      .execute();
  }
}
