import type { ServiceStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { newId } from "./new-id.ts";
import { FIRST_IDENTITY_VERSION } from "./identity-version.ts";
import { writeMetaOnce } from "./row-writers.ts";
import { FIRST_VERSIONS } from "./settings-version.ts";

const STORE_ID = "store_id";
const ALIVE = "alive_at";

/** Writes what a store has from its first opening on; what is there already stays. */
export async function prepareService(db: Kysely<Database>, now: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await writeMetaOnce.write(tx, { meta_key: STORE_ID, text_value: newId(now), int_value: null });
    await writeMetaOnce.write(tx, FIRST_IDENTITY_VERSION);
    await writeMetaOnce.write(tx, { meta_key: ALIVE, text_value: null, int_value: null });
    for (const first of FIRST_VERSIONS) await writeMetaOnce.write(tx, first);
  });
}

export function serviceStore(db: Kysely<Database>): ServiceStore {
  const readStoreId = async (): Promise<string> => {
    const row = await db
      .selectFrom("store_meta")
      .select("text_value")
      .where("meta_key", "=", STORE_ID)
      .executeTakeFirstOrThrow();
    return row.text_value ?? "";
  };
  return {
    storeId: readStoreId,
    async ping() {
      await readStoreId();
    },
    async alive(now) {
      await db
        .updateTable("store_meta")
        .set({ int_value: now })
        .where("meta_key", "=", ALIVE)
        .execute();
    },
    async aliveAt() {
      const row = await db
        .selectFrom("store_meta")
        .select("int_value")
        .where("meta_key", "=", ALIVE)
        .executeTakeFirst();
      return row?.int_value ?? null;
    },
  };
}
