import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("incident")
    .addColumn("incident_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("state", "varchar(20)", (c) => c.notNull())
    .addColumn("open_group_key", "varchar(40)", (c) => c.unique())
    .addColumn("team_id", "varchar(100)", (c) => c.notNull())
    .addColumn("opened_at", "bigint", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  // Every state but RESOLVED holds few rows, so this one finds the open ones as well.
  await db.schema
    .createIndex("incident_ix_state")
    .on("incident")
    .columns(["state", "opened_at", "incident_id"])
    .execute();
  await db.schema
    .createIndex("incident_ix_opened")
    .on("incident")
    .columns(["opened_at", "incident_id"])
    .execute();
  await partsOfIncident(db);
}

async function partsOfIncident(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("incident_member")
    .addColumn("incident_id", "varchar(40)", (c) =>
      c.references("incident.incident_id").onDelete("cascade").notNull(),
    )
    .addColumn("alert_id", "varchar(40)", (c) => c.notNull())
    .addColumn("job_id", "varchar(40)")
    .addColumn("team_id", "varchar(100)", (c) => c.notNull())
    .addColumn("opened_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("incident_member_pk", ["incident_id", "alert_id"])
    .execute();
  await db.schema
    .createIndex("incident_member_ix_job")
    .on("incident_member")
    .columns(["job_id", "opened_at", "incident_id"])
    .execute();
  await db.schema
    .createTable("incident_event")
    .addColumn("event_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("incident_id", "varchar(40)", (c) =>
      c.references("incident.incident_id").onDelete("cascade").notNull(),
    )
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("happened_at", "bigint", (c) => c.notNull())
    .addColumn("kind", "varchar(30)", (c) => c.notNull())
    .addColumn("user_id", "varchar(40)")
    .addColumn("user_name", "varchar(100)")
    .addColumn("event_text", "text")
    .execute();
  await db.schema
    .createIndex("incident_event_ix_incident")
    .on("incident_event")
    .columns(["incident_id", "happened_at"])
    .execute();
}
