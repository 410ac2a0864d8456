import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await requestTable(db);
  await db.schema
    .createTable("masking_exception")
    .addColumn("source_id", "varchar(40)", (c) =>
      c.references("source.source_id").onDelete("cascade").notNull(),
    )
    .addColumn("field", "varchar(100)", (c) => c.notNull())
    .addColumn("kinds", "varchar(200)", (c) => c.notNull())
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("masking_exception_pk", ["source_id", "field"])
    .execute();
  await db.schema
    .createTable("retention_setting")
    .addColumn("what", "varchar(20)", (c) => c.primaryKey())
    .addColumn("days", "integer", (c) => c.notNull())
    .addColumn("changed_at", "bigint", (c) => c.notNull())
    .execute();
  await setupFacts(db);
}

/** `open_key` is set while a request waits or stands under break-glass: one at a time for one subject. */
async function requestTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("change_request")
    .addColumn("request_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("kind", "varchar(30)", (c) => c.notNull())
    .addColumn("subject_kind", "varchar(20)", (c) => c.notNull())
    .addColumn("subject_id", "varchar(100)", (c) => c.notNull())
    .addColumn("subject_name", "varchar(1100)")
    .addColumn("team_id", "varchar(100)")
    .addColumn("payload", "text", (c) => c.notNull())
    .addColumn("standing", "text", (c) => c.notNull())
    .addColumn("differences", "text", (c) => c.notNull())
    .addColumn("reason", "varchar(1000)")
    .addColumn("hash", "varchar(64)", (c) => c.notNull())
    .addColumn("open_key", "varchar(200)", (c) => c.unique())
    .addColumn("state", "varchar(20)", (c) => c.notNull())
    .addColumn("change_mode", "varchar(20)", (c) => c.notNull())
    .addColumn("requested_by", "varchar(40)", (c) => c.notNull())
    .addColumn("requested_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("decided_by", "varchar(40)")
    .addColumn("decided_at", "bigint")
    .addColumn("decision_note", "varchar(1000)")
    .addColumn("reverts_at", "bigint")
    .addColumn("takes_back", "varchar(40)")
    .addColumn("reverted_by", "varchar(40)")
    .addColumn("collected_at", "bigint")
    .execute();
  const indexes = {
    state: ["state", "requested_at", "request_id"],
    requested: ["requested_at", "request_id"],
    asker: ["requested_by", "state"],
    subject: ["subject_id", "requested_at"],
    reverts: ["reverts_at"],
  };
  for (const [name, columns] of Object.entries(indexes)) {
    await db.schema
      .createIndex(`change_request_ix_${name}`)
      .on("change_request")
      .columns(columns)
      .execute();
  }
}

/** A store that was made before this migration is as old as the first of its users. */
async function setupFacts(db: Kysely<unknown>): Promise<void> {
  await sql`insert into store_meta (meta_key, int_value)
    select 'store_created_at', coalesce(min(created_at), ${Date.now()}) from app_user`.execute(db);
  await sql`insert into store_meta (meta_key, int_value) values ('setup_ended_at', null)`.execute(
    db,
  );
}
