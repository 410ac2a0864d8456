import type { PrivacyStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { readUsers } from "./identity-store.ts";

/** Everybody, with their last sign-in as the audit trail has it. */
export async function usersWithSignIn(
  tx: Kysely<Database>,
): Promise<Awaited<ReturnType<PrivacyStore["users"]>>> {
  const users = await readUsers(tx);
  const found = [];
  for (const user of users) {
    const row = await tx
      .selectFrom("audit_record")
      .select("happened_at")
      .where("actor_id", "=", user.userId)
      .where("action", "=", "sign-in")
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    found.push({ ...user, lastSignInAt: row?.happened_at ?? null });
  }
  return found;
}
