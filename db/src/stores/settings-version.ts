import { sql, type Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { StoreMetaTable } from "../schema/service-tables.ts";

export type Counter = "settings_version" | "calendar_version";

/** The first values, written when a store is opened for writing. */
export const FIRST_VERSIONS: readonly StoreMetaTable[] = [
  { meta_key: "settings_version", text_value: null, int_value: 1 },
  { meta_key: "calendar_version", text_value: null, int_value: 1 },
];

/** Moves the counter and answers its new value, which no other transaction gets. */
export async function nextVersion(tx: Kysely<Database>, counter: Counter): Promise<number> {
  await tx
    .updateTable("store_meta")
    .set({ int_value: sql<number>`int_value + 1` })
    .where("meta_key", "=", counter)
    .execute();
  return readVersion(tx, counter);
}

export async function readVersion(db: Kysely<Database>, counter: Counter): Promise<number> {
  const row = await db
    .selectFrom("store_meta")
    .select("int_value")
    .where("meta_key", "=", counter)
    .executeTakeFirst();
  return row?.int_value ?? 0;
}
