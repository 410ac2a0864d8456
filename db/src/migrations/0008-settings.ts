import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("job")
    .addColumn("monitored", "smallint", (c) => c.defaultTo(1).notNull())
    .execute();
  await db.schema
    .alterTable("job")
    .addColumn("settings_version", "bigint", (c) => c.defaultTo(0).notNull())
    .execute();
  await db.schema.alterTable("job").addColumn("retired_from", "bigint").execute();
  await db.schema.alterTable("job_alias").addColumn("aliased_at", "bigint").execute();
  await db.schema.createIndex("job_ix_settings").on("job").column("settings_version").execute();
  await db.schema.createIndex("job_ix_retired").on("job").column("retired_from").execute();
  await db.schema
    .createTable("job_schedule")
    .addColumn("job_id", "varchar(40)", (c) =>
      c.primaryKey().references("job.job_id").onDelete("cascade"),
    )
    .addColumn("expression", "varchar(200)", (c) => c.notNull())
    .addColumn("zone", "varchar(60)", (c) => c.notNull())
    .addColumn("origin", "varchar(20)", (c) => c.notNull())
    .addColumn("since", "bigint", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("job_clock")
    .addColumn("job_id", "varchar(40)", (c) =>
      c.primaryKey().references("job.job_id").onDelete("cascade"),
    )
    .addColumn("start_grace_ms", "bigint")
    .addColumn("run_budget_ms", "bigint")
    .addColumn("minimum_duration_ms", "bigint")
    .addColumn("heartbeat_ms", "bigint")
    .execute();
  await changeTables(db);
}

async function changeTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("job_change")
    .addColumn("change_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("job_id", "varchar(40)", (c) => c.notNull())
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .addColumn("user_id", "varchar(40)", (c) => c.notNull())
    .addColumn("user_name", "varchar(100)", (c) => c.notNull())
    .addColumn("field", "varchar(60)", (c) => c.notNull())
    .addColumn("value_before", "text")
    .addColumn("value_after", "text")
    .execute();
  await db.schema
    .createIndex("job_change_ix_job")
    .on("job_change")
    .columns(["job_id", "change_id"])
    .execute();
  await db.schema
    .createTable("command_done")
    .addColumn("command_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("user_id", "varchar(40)", (c) => c.notNull())
    .addColumn("action", "varchar(60)", (c) => c.notNull())
    .addColumn("done_at", "bigint", (c) => c.notNull())
    .addColumn("answer", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("command_done_ix_done")
    .on("command_done")
    .column("done_at")
    .execute();
}
