import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("store_meta")
    .addColumn("meta_key", "varchar(60)", (c) => c.primaryKey())
    .addColumn("text_value", "varchar(1000)")
    .addColumn("int_value", "bigint")
    .execute();
  await db.schema
    .createTable("partition_owner")
    .addColumn("partition_no", "smallint", (c) => c.primaryKey())
    .addColumn("term", "bigint", (c) => c.notNull())
    .addColumn("mark_position", "bigint", (c) => c.defaultTo(0).notNull())
    .execute();
}
