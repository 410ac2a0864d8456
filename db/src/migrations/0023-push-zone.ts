import type { Kysely } from "kysely";

/** The zone that a browser was in when it agreed to be woken: times in what it is sent are in it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("push_subscription").addColumn("zone", "varchar(64)").execute();
}
