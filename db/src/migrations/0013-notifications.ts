import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("notification")
    .addColumn("notification_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("incident_id", "varchar(40)")
    .addColumn("kind", "varchar(20)", (c) => c.notNull())
    .addColumn("channel", "varchar(20)", (c) => c.notNull())
    .addColumn("target_id", "varchar(40)", (c) => c.notNull())
    .addColumn("user_id", "varchar(40)")
    .addColumn("receiver", "varchar(200)")
    .addColumn("card", "text", (c) => c.notNull())
    .addColumn("state", "varchar(20)", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("next_attempt_at", "bigint")
    .addColumn("lease_owner", "varchar(100)")
    .addColumn("lease_until", "bigint")
    .addColumn("due_at", "bigint")
    .addColumn("sent_at", "bigint")
    .addColumn("shown_at", "bigint")
    .addColumn("seen_at", "bigint")
    .addColumn("last_error", "text")
    .execute();
  await db.schema.createIndex("notification_ix_due").on("notification").column("due_at").execute();
  await db.schema
    .createIndex("notification_ix_incident")
    .on("notification")
    .columns(["incident_id", "created_at"])
    .execute();
  // Lists of several states read this once for each: a row costs one index less than with one for all.
  await db.schema
    .createIndex("notification_ix_state")
    .on("notification")
    .columns(["state", "created_at", "notification_id"])
    .execute();
}
