import type { Kysely } from "kysely";

/** From which session a browser agreed to be woken, or a device was paired: what ends with it. No reference: sessions go before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("push_subscription")
    .addColumn("subscribed_in_session", "varchar(40)")
    .execute();
  await db.schema
    .alterTable("paired_device")
    .addColumn("paired_in_session", "varchar(40)")
    .execute();
}
