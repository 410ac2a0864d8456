import type { KeyStore, SealedText } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { bumpIdentity } from "./identity-version.ts";
import { factBy } from "./person-facts.ts";

const ROTATED_TO = "rotated_to";

const writeMeta = rowWriter("store_meta", ["meta_key"], {
  meta_key: "keep",
  text_value: "replace",
  int_value: "keep",
});

/** Every sealed text of the store is listed here: one that is not would be lost when its key goes. */
export function keyStore(db: Kysely<Database>, trail: AuditTrail): KeyStore {
  return {
    async sealed() {
      const webhooks = await db
        .selectFrom("webhook")
        .select(["webhook_id as id", "sealed_secret as sealed"])
        .orderBy("webhook_id")
        .execute();
      const secrets = await db
        .selectFrom("sealed_secret")
        .select(["name as id", "sealed"])
        .orderBy("name")
        .execute();
      return [
        ...secrets.map((row) => ({ place: "secret" as const, ...row })),
        ...webhooks.map((row) => ({ place: "webhook" as const, ...row })),
      ];
    },
    reseal: (before, sealed) =>
      db.transaction().execute(async (tx) => {
        const changed = await replace(tx, before, sealed);
        // Who remembers a sealed text reads it anew.
        if (changed) await bumpIdentity(tx);
        return changed;
      }),
    async rotatedTo() {
      const row = await db
        .selectFrom("store_meta")
        .select("text_value")
        .where("meta_key", "=", ROTATED_TO)
        .executeTakeFirst();
      return row?.text_value ?? null;
    },
    rotated: (keyId, detail, now) =>
      db.transaction().execute(async (tx) => {
        await writeMeta.write(tx, { meta_key: ROTATED_TO, text_value: keyId, int_value: null });
        await trail.append(tx, [
          factBy("host", {
            at: now,
            action: "keys-rotated",
            subjectKind: "key",
            subjectId: keyId,
            detail,
          }),
        ]);
        await bumpIdentity(tx);
      }),
  };
}

async function replace(
  tx: Kysely<Database>,
  { place, id, sealed: before }: SealedText,
  sealed: string,
): Promise<boolean> {
  const { numUpdatedRows } =
    place === "webhook"
      ? await tx
          .updateTable("webhook")
          .set({ sealed_secret: sealed })
          .where("webhook_id", "=", id)
          .where("sealed_secret", "=", before)
          .executeTakeFirst()
      : await tx
          .updateTable("sealed_secret")
          .set({ sealed })
          .where("name", "=", id)
          .where("sealed", "=", before)
          .executeTakeFirst();
  return numUpdatedRows > 0n;
}
