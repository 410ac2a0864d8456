import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("source")
    .addColumn("source_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("name", "varchar(100)", (c) => c.notNull().unique())
    .addColumn("contract", "varchar(40)", (c) => c.notNull())
    .addColumn("environment", "varchar(10)", (c) => c.notNull())
    .addColumn("zone", "varchar(60)", (c) => c.notNull())
    .addColumn("new_day_time", "varchar(8)", (c) => c.notNull())
    .addColumn("business_date_params", "text", (c) => c.notNull())
    .addColumn("paging_mode", "varchar(20)", (c) => c.notNull())
    .addColumn("recovery_recipe", "text")
    .addColumn("team_id", "varchar(100)", (c) => c.references("team.team_id"))
    .addColumn("key_hash", "varchar(64)", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint")
    .execute();
  await db.schema.createIndex("source_ix_team").on("source").column("team_id").execute();
  await db.schema
    .createTable("rejected_fact")
    .addColumn("rejection_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("received_at", "bigint", (c) => c.notNull())
    .addColumn("contract", "varchar(40)", (c) => c.notNull())
    .addColumn("code", "varchar(60)", (c) => c.notNull())
    .addColumn("message", "text")
    .addColumn("excerpt", "text")
    .execute();
  await db.schema
    .createIndex("rejected_fact_ix_source")
    .on("rejected_fact")
    .columns(["source_id", "received_at", "rejection_id"])
    .execute();
}
