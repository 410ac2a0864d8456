import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("alert")
    .addColumn("alert_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("rule_name", "varchar(20)", (c) => c.notNull())
    .addColumn("subject", "varchar(200)", (c) => c.notNull())
    .addColumn("job_id", "varchar(40)")
    .addColumn("firing", "smallint", (c) => c.notNull())
    .addColumn("instance_hash", "varchar(40)", (c) => c.notNull())
    .addColumn("since", "bigint", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("ending", "varchar(20)")
    .addColumn("openings", "integer", (c) => c.notNull())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("handled_version", "bigint", (c) => c.notNull())
    .addColumn("incident_id", "varchar(40)")
    .addColumn("reason", "varchar(20)")
    .addColumn("unhandled_no", "bigint")
    .addColumn("card", "text", (c) => c.notNull())
    .execute();
  // Saving a unit asks whether anything of its job fires, and then what of one instance does.
  await db.schema
    .createIndex("alert_ix_job")
    .on("alert")
    .columns(["job_id", "firing", "instance_hash"])
    .execute();
  await db.schema
    .createIndex("alert_ix_firing")
    .on("alert")
    .columns(["firing", "incident_id"])
    .execute();
  await db.schema.createIndex("alert_ix_unhandled").on("alert").column("unhandled_no").execute();
}
