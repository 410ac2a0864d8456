import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("job_run")
    .addColumn("execution_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("job_id", "varchar(40)", (c) =>
      c.references("job.job_id").onDelete("cascade").notNull(),
    )
    .addColumn("run_key", "varchar(512)")
    .addColumn("state", "varchar(20)", (c) => c.notNull())
    .addColumn("instance_key", "varchar(1000)")
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("restarted_from", "varchar(40)")
    .addColumn("business_date", "varchar(10)")
    .addColumn("business_date_origin", "varchar(20)")
    .addColumn("trigger_kind", "varchar(20)", (c) => c.notNull())
    .addColumn("maintenance_id", "varchar(40)")
    .addColumn("time_quality", "varchar(20)", (c) => c.notNull())
    .addColumn("host", "varchar(512)")
    .addColumn("app_version", "varchar(512)")
    .addColumn("parent_execution_id", "varchar(40)")
    .addColumn("nominal_at", "bigint")
    .addColumn("started_at", "bigint")
    .addColumn("ended_at", "bigint")
    .addColumn("duration_ms", "bigint")
    .addColumn("last_fact_at", "bigint", (c) => c.notNull())
    .addColumn("ordered_at", "bigint", (c) => c.notNull())
    .addColumn("read_count", "bigint")
    .addColumn("written_count", "bigint")
    .addColumn("skipped_count", "bigint")
    .addColumn("message", "text")
    .addColumn("summary", "text", (c) => c.notNull())
    .execute();
  await runIndexes(db);
  await db.schema
    .createTable("run_transition")
    .addColumn("execution_id", "varchar(40)", (c) => c.notNull())
    .addColumn("fact_id", "varchar(40)", (c) => c.notNull())
    .addColumn("kind", "varchar(20)", (c) => c.notNull())
    .addColumn("stage", "varchar(512)")
    .addColumn("occurred_at", "bigint", (c) => c.notNull())
    .addColumn("received_at", "bigint", (c) => c.notNull())
    .addColumn("source_id", "varchar(40)", (c) => c.notNull())
    .addColumn("contract", "varchar(40)", (c) => c.notNull())
    .addPrimaryKeyConstraint("run_transition_pk", ["execution_id", "fact_id"])
    .execute();
}

async function runIndexes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex("job_run_ix_job")
    .on("job_run")
    .columns(["job_id", "ordered_at", "execution_id"])
    .execute();
  await db.schema
    .createIndex("job_run_ix_ordered")
    .on("job_run")
    .columns(["ordered_at", "execution_id"])
    .execute();
  await db.schema
    .createIndex("job_run_ix_parent")
    .on("job_run")
    .columns(["parent_execution_id", "ordered_at"])
    .execute();
}
