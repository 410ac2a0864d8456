import { actorOf, type ChangeAuthor, type PrivacyStore, StoreError } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { AppUserTable } from "../schema/people-tables.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { eraseName } from "./erase-person.ts";
import { exportPerson } from "./export-person.ts";
import { readUsers } from "./identity-store.ts";
import { bumpIdentity } from "./identity-version.ts";

export function privacyStore(db: Kysely<Database>, trail: AuditTrail): PrivacyStore {
  return {
    export: (userId, now) =>
      db.transaction().execute(async (tx) => {
        const person = await requirePerson(tx, userId);
        const parts = await exportPerson(tx, person);
        await trail.append(tx, [ownFact("data-exported", { userId, name: "" }, userId, now)]);
        return parts;
      }),
    async erase(userId, pseudonym, by, now) {
      const { name } = await db.transaction().execute((tx) => mayGo(tx, userId));
      // The name goes first: should this end half-way, the person is still there to ask again.
      await eraseName(db, { userId, name, pseudonym });
      await db.transaction().execute(async (tx) => {
        await mayGo(tx, userId);
        // With the row goes, by its references, what lets the person in and what reaches them.
        await tx.deleteFrom("app_user").where("user_id", "=", userId).execute();
        await bumpIdentity(tx);
        await trail.append(tx, [ownFact("data-erased", by, userId, now)]);
      });
      // What was written in the meantime under the name.
      await eraseName(db, { userId, name, pseudonym });
    },
    users: () => db.transaction().execute(usersWithSignIn),
  };
}

async function requirePerson(tx: Kysely<Database>, userId: string): Promise<AppUserTable> {
  const row = await tx
    .selectFrom("app_user")
    .selectAll()
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new StoreError("not_found", `userId: no user has id "${userId}".`);
}

/** Somebody must be left who can let others in. */
async function mayGo(tx: Kysely<Database>, userId: string): Promise<AppUserTable> {
  const person = await requirePerson(tx, userId);
  if (person.role !== "administrator") return person;
  const other = await tx
    .selectFrom("app_user")
    .select("user_id")
    .where("role", "=", "administrator")
    .where("user_id", "<>", userId)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return person;
  throw new StoreError(
    "last_administrator",
    "userId: this is the last administrator; make somebody else one first.",
  );
}

function ownFact(
  action: "data-exported" | "data-erased",
  by: ChangeAuthor,
  userId: string,
  at: number,
) {
  const who = actorOf(by);
  return { at, ...who, action, subjectKind: "user", subjectId: userId, teamId: null, detail: {} };
}

async function usersWithSignIn(
  tx: Kysely<Database>,
): Promise<Awaited<ReturnType<PrivacyStore["users"]>>> {
  const users = await readUsers(tx);
  return Promise.all(
    users.map(async (user) => {
      const last = await tx
        .selectFrom("audit_record")
        .select("happened_at")
        .where("actor_id", "=", user.userId)
        .where("action", "=", "sign-in")
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      return { ...user, lastSignInAt: last?.happened_at ?? null };
    }),
  );
}
