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
  for (const column of ["actor_id", "action", "subject_id", "team_id"]) {
    await db.schema
      .createIndex(`audit_record_ix_${column}`)
      .on("audit_record")
      .columns([column, "seq"])
      .execute();
  }
  for (const what of ["update", "delete"]) {
    await sql
      .raw(
        `create trigger audit_record_no_${what} before ${what} on audit_record
         begin select raise(abort, 'audit records are never changed'); end`,
      )
      .execute(db);
  }
}
