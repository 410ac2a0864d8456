import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("job")
    .addColumn("job_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("namespace", "varchar(512)")
    .addColumn("name", "varchar(512)", (c) => c.notNull())
    .addColumn("environment", "varchar(10)", (c) => c.notNull())
    .addColumn("tier", "smallint")
    .addColumn("owner_team_id", "varchar(100)", (c) => c.references("team.team_id").notNull())
    .addColumn("owned_since", "bigint")
    .addColumn("business_name", "varchar(200)")
    .addColumn("runbook_url", "varchar(1000)")
    .addColumn("first_step", "varchar(200)")
    .addColumn("cadence", "varchar(100)")
    .addColumn("lifecycle", "varchar(20)", (c) => c.notNull())
    .addColumn("calendar_id", "varchar(40)")
    .addColumn("free_day_rule", "varchar(20)", (c) => c.notNull())
    .addColumn("resume_from", "varchar(20)", (c) => c.notNull())
    .addColumn("first_seen_at", "bigint", (c) => c.notNull())
    .addColumn("last_seen_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("job_ix_team").on("job").columns(["owner_team_id", "name"]).execute();
  await db.schema.createIndex("job_ix_name").on("job").columns(["name", "job_id"]).execute();
  await db.schema.createIndex("job_ix_source").on("job").column("source_id").execute();
  await partsOfJob(db);
}

async function partsOfJob(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("job_alias")
    .addColumn("alias_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("job_id", "varchar(40)", (c) =>
      c.references("job.job_id").onDelete("cascade").notNull(),
    )
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("namespace", "varchar(512)")
    .addColumn("name", "varchar(512)", (c) => c.notNull())
    .addColumn("valid_from", "bigint", (c) => c.notNull())
    .addColumn("valid_to", "bigint")
    .execute();
  await db.schema.createIndex("job_alias_ix_job").on("job_alias").column("job_id").execute();
  await db.schema
    .createTable("job_state")
    .addColumn("job_id", "varchar(40)", (c) =>
      c.primaryKey().references("job.job_id").onDelete("cascade"),
    )
    .addColumn("partition_no", "smallint", (c) => c.notNull())
    .addColumn("term", "bigint", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .execute();
}
