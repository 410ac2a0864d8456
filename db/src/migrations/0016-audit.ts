import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("audit_record")
    .addColumn("seq", "bigint", (c) => c.primaryKey())
    .addColumn("happened_at", "bigint", (c) => c.notNull())
    .addColumn("actor_kind", "varchar(20)", (c) => c.notNull())
    .addColumn("actor_id", "varchar(64)", (c) => c.notNull())
    .addColumn("action", "varchar(40)", (c) => c.notNull())
    .addColumn("subject_kind", "varchar(40)")
    .addColumn("subject_id", "varchar(200)")
    .addColumn("team_id", "varchar(100)")
    .addColumn("detail", "text", (c) => c.notNull())
    .addColumn("mac", "varchar(64)", (c) => c.notNull())
    .execute();
  for (const column of ["happened_at", "actor_id", "action", "subject_id", "team_id"]) {
    await db.schema
      .createIndex(`audit_record_ix_${column}`)
      .on("audit_record")
      .columns([column, "seq"])
      .execute();
  }
  await db.schema
    .createTable("audit_anchor")
    .addColumn("seq", "bigint", (c) => c.primaryKey())
    .addColumn("mac", "varchar(64)", (c) => c.notNull())
    .addColumn("removed_at", "bigint", (c) => c.notNull())
    .addColumn("seal", "varchar(64)", (c) => c.notNull())
    .execute();
  for (const table of ["audit_record", "audit_anchor"]) {
    await refuse(db, `${table}_no_update`, `before update on ${table}`);
    // SQLite's "insert or replace" removes without asking the triggers for removals.
    await refuse(
      db,
      `${table}_no_replace`,
      `before insert on ${table} when new.seq <= coalesce((select max(seq) from ${table}), 0)`,
    );
  }
  await refuse(db, "audit_anchor_no_delete", "before delete on audit_anchor");
  // Retention first sets an anchor, which only the trail's key can seal: what lies before it may go then.
  await refuse(
    db,
    "audit_record_no_delete",
    "before delete on audit_record when old.seq > coalesce((select max(seq) from audit_anchor), 0)",
  );
}

async function refuse(db: Kysely<unknown>, name: string, when: string): Promise<void> {
  const text = `create trigger ${name} ${when} begin select raise(abort, 'audit records are never changed'); end`;
  await sql.raw(text).execute(db);
}
