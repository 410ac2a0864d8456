import { actorOf, type AuditFact, type ChangeAuthor, type PrivacyStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { withdrawAllOf } from "./carry-out.ts";
import { eraseName } from "./erase-person.ts";
import { exportPerson } from "./export-person.ts";
import { readUsers } from "./identity-store.ts";
import { setupHolds } from "./setup-facts.ts";
import { removeUser, requireOtherAdministrator, requireUser } from "./remove-user.ts";

export function privacyStore(db: Kysely<Database>, trail: AuditTrail): PrivacyStore {
  return {
    export: (userId, now) =>
      db.transaction().execute(async (tx) => {
        const parts = await exportPerson(tx, await requireUser(tx, userId));
        await trail.append(tx, [ownFact("data-exported", { userId, name: "" }, userId, now)]);
        return parts;
      }),
    async erase(userId, pseudonym, by, now) {
      const { name } = await db.transaction().execute(async (tx) => {
        const person = await requireUser(tx, userId);
        await requireOtherAdministrator(tx, userId);
        // Whoever goes may have been the second person: what they ended stays ended (engine/SPEC.md EYES-6).
        await setupHolds(tx, trail, now);
        return person;
      });
      // The name goes first: should this end half-way, the person is still there to ask again.
      await eraseName(db, { userId, name, pseudonym });
      await db.transaction().execute(async (tx) => {
        // With the row goes, by its references, what lets the person in and what reaches them.
        await removeUser(tx, userId, now, pseudonym);
        await withdrawAllOf(tx, trail, userId, now);
        await trail.append(tx, [ownFact("data-erased", by, userId, now)]);
      });
      // What was written in the meantime under the name. Should this end half-way, upkeep goes on.
      await eraseName(db, { userId, name, pseudonym });
      await db.deleteFrom("erasure").where("user_id", "=", userId).execute();
    },
    users: () => db.transaction().execute(usersWithSignIn),
  };
}

function ownFact(
  action: "data-exported" | "data-erased",
  by: ChangeAuthor,
  userId: string,
  at: number,
): AuditFact {
  const who = actorOf(by);
  return { at, ...who, action, subjectKind: "user", subjectId: userId, teamId: null, detail: {} };
}

async function usersWithSignIn(
  tx: Kysely<Database>,
): Promise<Awaited<ReturnType<PrivacyStore["users"]>>> {
  const rows = await tx.selectFrom("app_user").select(["user_id", "last_sign_in_at"]).execute();
  const lastOf = new Map(rows.map((row) => [row.user_id, row.last_sign_in_at]));
  const users = await readUsers(tx);
  return users.map((user) => ({ ...user, lastSignInAt: lastOf.get(user.userId) ?? null }));
}
