import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("masked_count")
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("day", "varchar(10)", (c) => c.notNull())
    .addColumn("kind", "varchar(20)", (c) => c.notNull())
    .addColumn("hidden_count", "bigint", (c) => c.notNull())
    .addColumn("kept_count", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("masked_count_pk", ["source_id", "day", "kind"])
    .execute();
}
