import type { Kysely } from "kysely";

/** Consent to be woken, and what a person, or what is old enough to go, is found by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("push_subscription").addColumn("consent_at", "bigint").execute();
  await db.schema
    .alterTable("push_subscription")
    .addColumn("consent_words", "varchar(20)")
    .execute();
  const indexes = [
    ["incident_event", "user_id"],
    ["notification", "user_id"],
    ["job_change", "user_id"],
    ["command_done", "user_id"],
    ["alert", "ended_at"],
  ] as const;
  for (const [table, column] of indexes) {
    await db.schema.createIndex(`${table}_ix_${column}`).on(table).column(column).execute();
  }
  await db.schema
    .createIndex("incident_ix_team")
    .on("incident")
    .columns(["team_id", "opened_at", "incident_id"])
    .execute();
}
