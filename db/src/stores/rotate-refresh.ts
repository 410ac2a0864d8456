import { LIMITS, type SessionStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import type { RefreshHashTable } from "../schema/session-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { factBy } from "./person-facts.ts";
import { takeThoseOfCopied } from "./session-belongings.ts";
import { endSessions, sessionOf } from "./session-rows.ts";

type Rotated = Awaited<ReturnType<SessionStore["rotate"]>>;

const GONE: Rotated = { outcome: "gone", session: null };

/**
 * One step of a family of refresh tokens (RFC 9700 §4.14.2): the good one is replaced, the one just before it is forgiven for a moment,
 * because its answer may have been lost or two tabs may have asked at once, and an older one may be a copy: the session ends.
 */
export async function rotateRefresh(
  tx: Kysely<Database>,
  trail: AuditTrail,
  refreshHash: string,
  nextHash: string,
  now: number,
): Promise<Rotated> {
  const given = await tx
    .selectFrom("refresh_hash")
    .selectAll()
    .where("refresh_hash", "=", refreshHash)
    .executeTakeFirst();
  if (given === undefined) return GONE;
  const row = await tx
    .selectFrom("browser_session")
    .selectAll()
    .where("session_id", "=", given.session_id)
    .where("ended_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (row === undefined) return GONE;
  const session = sessionOf(row);
  const newest = await newestOf(tx, given.session_id);
  if (given.place === newest.place) {
    await replace(tx, given, nextHash, now);
    return { outcome: "next", session: { ...session, lastUsedAt: now } };
  }
  const { replaced_at: replacedAt } = given;
  const isOneBefore = given.place === newest.place - 1 && replacedAt !== null;
  if (isOneBefore && now - replacedAt <= LIMITS.refreshGraceMs) {
    return { outcome: "again", session };
  }
  await trail.append(tx, [
    factBy("service", {
      at: now,
      action: "refresh-reused",
      subjectKind: "session",
      subjectId: session.sessionId,
      detail: { userId: session.userId, place: given.place, newest: newest.place },
    }),
  ]);
  await endSessions(tx, trail, [session], "reuse", "service", now);
  await takeThoseOfCopied(tx, trail, session, now);
  return { outcome: "reused", session };
}

function newestOf(tx: Kysely<Database>, sessionId: string): Promise<{ readonly place: number }> {
  return tx
    .selectFrom("refresh_hash")
    .select("place")
    .where("session_id", "=", sessionId)
    .orderBy("place", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
}

async function replace(
  tx: Kysely<Database>,
  good: RefreshHashTable,
  nextHash: string,
  now: number,
): Promise<void> {
  const { session_id, place } = good;
  await tx
    .updateTable("refresh_hash")
    .set({ replaced_at: now })
    .where("refresh_hash", "=", good.refresh_hash)
    .execute();
  await tx
    .insertInto("refresh_hash")
    .values({ refresh_hash: nextHash, session_id, place: place + 1, replaced_at: null })
    .execute();
  await tx
    .deleteFrom("refresh_hash")
    .where("session_id", "=", session_id)
    .where("place", "<=", place + 1 - DB_LIMITS.refreshHashesPerSession)
    .execute();
  await tx
    .updateTable("browser_session")
    .set({ last_used_at: now })
    .where("session_id", "=", session_id)
    .execute();
}
