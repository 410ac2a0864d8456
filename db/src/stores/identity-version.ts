import { sql, type Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { StoreMetaTable } from "../schema/service-tables.ts";

const KEY = "identity_version";

/** The first value, written when a store is opened for writing. */
export const FIRST_IDENTITY_VERSION: StoreMetaTable = {
  meta_key: KEY,
  text_value: null,
  int_value: 1,
};

/** Belongs in the transaction of every change to users, teams, tokens, codes and sources. */
export async function bumpIdentity(tx: Kysely<Database>): Promise<void> {
  await tx
    .updateTable("store_meta")
    .set({ int_value: sql<number>`int_value + 1` })
    .where("meta_key", "=", KEY)
    .execute();
}

export async function readIdentityVersion(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom("store_meta")
    .select("int_value")
    .where("meta_key", "=", KEY)
    .executeTakeFirst();
  return row?.int_value ?? 0;
}
