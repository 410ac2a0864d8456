import { type SessionStore, StoreError } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { vouchFor } from "./let-in.ts";
import { factBy } from "./person-facts.ts";

type CredentialMethods = Pick<
  SessionStore,
  "passwordOf" | "setPassword" | "userOfSubject" | "linkSubject"
>;

const writePassword = rowWriter("user_password", ["user_id"], {
  user_id: "keep",
  password_hash: "replace",
  set_at: "replace",
});

/** What people sign in with: passwords, and who they are to an identity provider. */
export function credentialMethods(db: Kysely<Database>, trail: AuditTrail): CredentialMethods {
  return {
    async passwordOf(name) {
      const row = await db
        .selectFrom("app_user")
        .leftJoin("user_password", "user_password.user_id", "app_user.user_id")
        .select(["app_user.user_id as userId", "user_password.password_hash as hash"])
        .where("app_user.name", "=", name)
        .executeTakeFirst();
      return row ?? null;
    },
    setPassword: (userId, hash, by, now) =>
      db.transaction().execute(async (tx) => {
        await requireUser(tx, userId);
        if (by === "host") await vouchFor(tx, trail, userId, by, now);
        await writePassword.write(tx, { user_id: userId, password_hash: hash, set_at: now });
        await trail.append(tx, [
          factBy(by, {
            at: now,
            action: "password-set",
            subjectKind: "user",
            subjectId: userId,
            detail: {},
          }),
        ]);
      }),
    async userOfSubject(issuer, subject) {
      const row = await db
        .selectFrom("user_subject")
        .select("user_id")
        .where("issuer", "=", issuer)
        .where("subject", "=", subject)
        .executeTakeFirst();
      return row?.user_id ?? null;
    },
    linkSubject: (issuer, subject, userId, by, now) =>
      db.transaction().execute((tx) => link(tx, trail, { issuer, subject, userId, by, now })),
  };
}

interface Link {
  readonly issuer: string;
  readonly subject: string;
  readonly userId: string;
  readonly by: "service" | "host";
  readonly now: number;
}

async function link(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { issuer, subject, userId, by, now }: Link,
): Promise<boolean> {
  await requireUser(tx, userId);
  const taken = await tx
    .selectFrom("user_subject")
    .select("user_id")
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirst();
  if (taken !== undefined && taken.user_id !== userId) {
    throw new StoreError("name_taken", "subject: it is linked to another user.");
  }
  if (taken !== undefined) return true;
  if (by === "service" && !(await isUntouched(tx, issuer, userId))) return false;
  await vouchFor(tx, trail, userId, by, now);
  await tx
    .deleteFrom("user_subject")
    .where("user_id", "=", userId)
    .where("issuer", "=", issuer)
    .execute();
  await tx
    .insertInto("user_subject")
    .values({ issuer, subject, user_id: userId, linked_at: now })
    .execute();
  await trail.append(tx, [
    factBy(by, {
      at: now,
      action: by === "host" ? "host-command" : "change-applied",
      subjectKind: "user",
      subjectId: userId,
      detail: { what: "oidc-link", issuer },
    }),
  ]);
  return true;
}

/** Nobody has got into this account yet in any way: an administrator made it for whom the claim names. */
async function isUntouched(tx: Kysely<Database>, issuer: string, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("app_user")
    .leftJoin("user_password", "user_password.user_id", "app_user.user_id")
    .leftJoin("user_subject", (join) =>
      join
        .onRef("user_subject.user_id", "=", "app_user.user_id")
        .on("user_subject.issuer", "=", issuer),
    )
    .select(["last_sign_in_at", "password_hash", "subject"])
    .where("app_user.user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return row.last_sign_in_at === null && row.password_hash === null && row.subject === null;
}

export async function requireUser(tx: Kysely<Database>, userId: string): Promise<void> {
  const row = await tx
    .selectFrom("app_user")
    .select("user_id")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (row === undefined) throw new StoreError("not_found", `userId: no user has id "${userId}".`);
}
