import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await letIn(db);
  // Who was removed and is still to be erased, with the name that is looked for.
  await db.schema
    .createTable("erasure")
    .addColumn("user_id", "varchar(40)", (c) => c.primaryKey())
    .addColumn("name", "varchar(400)", (c) => c.notNull())
    .addColumn("pseudonym", "varchar(100)", (c) => c.notNull())
    .addColumn("removed_at", "bigint", (c) => c.notNull())
    .execute();
}

/** Whose sign-in link was fetched by who asked for them, unless they have another way in. */
async function letIn(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("app_user").addColumn("let_in_by", "varchar(40)").execute();
  await sql`update app_user set let_in_by = (
      select min(r.requested_by) from change_request r
      where r.kind = 'user-add' and r.subject_id = app_user.user_id and r.collected_at is not null
    )
    where not exists (select 1 from user_subject s where s.user_id = app_user.user_id)`.execute(db);
}
