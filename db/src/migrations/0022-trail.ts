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

/**
 * Whose sign-in link was fetched by who asked for them, unless they have another way in. Who fetched it may have been let in so themselves:
 * it is the first of such a chain that counts, who could be in all these accounts; whose hands asked for each request follows from that.
 */
async function letIn(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("app_user").addColumn("let_in_by", "varchar(40)").execute();
  await db.schema
    .alterTable("change_request")
    .addColumn("requested_hands", "varchar(40)", (c) => c.notNull().defaultTo(""))
    .execute();
  await sql`update change_request set requested_hands = requested_by`.execute(db);
  const fetched = await sql<{ readonly subject_id: string; readonly requested_by: string }>`
    select r.subject_id, r.requested_by from change_request r
    where r.kind = 'user-add' and r.collected_at is not null
      and not exists (select 1 from user_subject s where s.user_id = r.subject_id)`.execute(db);
  const by = new Map(fetched.rows.map((row) => [row.subject_id, row.requested_by]));
  for (const userId of by.keys()) {
    const first = firstOf(by, userId);
    await sql`update app_user set let_in_by = ${first} where user_id = ${userId}`.execute(db);
    await sql`update change_request set requested_hands = ${first} where requested_by = ${userId}`.execute(
      db,
    );
  }
}

/** Whoever made a user was there before, so that a chain ends. */
function firstOf(by: ReadonlyMap<string, string>, userId: string): string {
  const before = by.get(userId);
  return before === undefined ? userId : firstOf(by, before);
}
