import { LIMITS, type SessionStore, type SignInFact, type StoredSession } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { credentialMethods } from "./credential-store.ts";
import { deviceMethods } from "./device-store.ts";
import { bumpIdentity } from "./identity-version.ts";
import { factBy } from "./person-facts.ts";
import { rotateRefresh } from "./rotate-refresh.ts";
import { takeAllOf, takeThoseOf } from "./session-belongings.ts";
import { endSessions, sessionOf } from "./session-rows.ts";

/** Sessions, paired devices and what people sign in with. What ends or begins is audited in its own transaction. */
export function sessionStore(db: Kysely<Database>, trail: AuditTrail): SessionStore {
  const change = <T>(work: (tx: Kysely<Database>) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    ...deviceMethods(db, trail),
    ...credentialMethods(db, trail),
    add: (session, refreshHash, by) =>
      change((tx) => addSession(tx, trail, session, refreshHash, by)),
    rotate: (refreshHash, nextHash, now) =>
      change((tx) => rotateRefresh(tx, trail, refreshHash, nextHash, now)),
    async all(now) {
      const rows = await db
        .selectFrom("browser_session")
        .selectAll()
        .where("expires_at", ">", now)
        .where("ended_at", "is", null)
        .orderBy("created_at")
        .orderBy("session_id")
        .execute();
      return rows.map(sessionOf);
    },
    end: (sessionId, why, by, now, endpoint = null) =>
      change(async (tx) => {
        const row = await tx
          .selectFrom("browser_session")
          .selectAll()
          .where("session_id", "=", sessionId)
          .where("ended_at", "is", null)
          .executeTakeFirst();
        if (row === undefined) return false;
        const session = sessionOf(row);
        await endSessions(tx, trail, [session], why, by, now);
        await takeThoseOf(tx, trail, session, endpoint, { why, by, now });
        return true;
      }),
    endAllOf: (userId, exceptId, why, by, now) =>
      change(async (tx) => {
        const open = (await liveOf(tx, userId, now)).filter((one) => one.sessionId !== exceptId);
        await endSessions(tx, trail, open, why, by, now);
        await takeAllOf(tx, trail, userId, exceptId, { why, by, now });
        return open.length;
      }),
  };
}

async function addSession(
  tx: Kysely<Database>,
  trail: AuditTrail,
  session: StoredSession,
  refreshHash: string,
  { at, method }: SignInFact,
): Promise<void> {
  const { sessionId, userId } = session;
  await tx.deleteFrom("browser_session").where("expires_at", "<=", at).execute();
  await tx
    .insertInto("browser_session")
    .values({
      session_id: sessionId,
      user_id: userId,
      created_at: session.createdAt,
      last_used_at: session.lastUsedAt,
      expires_at: session.expiresAt,
      label: session.label,
      method: session.method,
      ended_at: null,
      end_reason: null,
    })
    .execute();
  await tx
    .insertInto("refresh_hash")
    .values({ refresh_hash: refreshHash, session_id: sessionId, place: 1, replaced_at: null })
    .execute();
  await tx
    .updateTable("app_user")
    .set({ last_sign_in_at: at })
    .where("user_id", "=", userId)
    .execute();
  await trail.append(tx, [
    factBy(userId, {
      at,
      action: "sign-in",
      subjectKind: "session",
      subjectId: sessionId,
      detail: { method, label: session.label },
    }),
  ]);
  const newestLast = await liveOf(tx, userId, at);
  const tooMany = newestLast.slice(0, Math.max(0, newestLast.length - LIMITS.sessionsPerUser));
  // Nothing that began in them goes along: else signing in often enough would silence a person's phones.
  await endSessions(tx, trail, tooMany, "removed", "service", at);
  await bumpIdentity(tx);
}

async function liveOf(
  tx: Kysely<Database>,
  userId: string,
  now: number,
): Promise<readonly StoredSession[]> {
  const rows = await tx
    .selectFrom("browser_session")
    .selectAll()
    .where("user_id", "=", userId)
    .where("ended_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("created_at")
    .orderBy("session_id")
    .execute();
  return rows.map(sessionOf);
}
