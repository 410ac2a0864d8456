import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("blind_interval")
    .addColumn("interval_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("source_id", "varchar(40)")
    .addColumn("reason", "varchar(20)", (c) => c.notNull())
    .addColumn("from_at", "bigint", (c) => c.notNull())
    .addColumn("until_at", "bigint")
    .execute();
  await db.schema
    .createIndex("blind_interval_ix_until")
    .on("blind_interval")
    .column("until_at")
    .execute();
}
