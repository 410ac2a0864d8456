import type { Kysely } from "kysely";

/** Facts that could not be applied, and which later attempt has cured a run: both must survive a restart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("dead_letter")
    .addColumn("letter_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("job_id", "varchar(40)")
    .addColumn("partition_no", "smallint", (c) => c.notNull())
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("contract", "varchar(40)", (c) => c.notNull())
    .addColumn("received_at", "bigint", (c) => c.notNull())
    .addColumn("reason", "varchar(1000)")
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("dead_letter_ix_job")
    .on("dead_letter")
    .columns(["job_id", "letter_id"])
    .execute();
  await db.schema.alterTable("job_run").addColumn("cleared_by", "varchar(40)").execute();
}
