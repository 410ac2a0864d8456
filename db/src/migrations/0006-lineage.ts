import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("lineage_note")
    .addColumn("note_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("subject", "varchar(20)", (c) => c.notNull())
    .addColumn("namespace", "varchar(512)")
    .addColumn("name", "varchar(512)")
    .addColumn("occurred_at", "bigint", (c) => c.notNull())
    .addColumn("received_at", "bigint", (c) => c.notNull())
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("lineage_note_ix_received")
    .on("lineage_note")
    .column("received_at")
    .execute();
}
