import type { SessionEnd, StoredSession } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { BrowserSessionTable } from "../schema/session-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { bumpIdentity } from "./identity-version.ts";
import { factBy } from "./person-facts.ts";

/** Ends them, each audited; `by` is a user's id, "host" or "service". */
export async function endSessions(
  tx: Kysely<Database>,
  trail: AuditTrail,
  sessions: readonly StoredSession[],
  why: SessionEnd,
  by: string,
  now: number,
): Promise<void> {
  for (const { sessionId, userId } of sessions) {
    await tx
      .updateTable("browser_session")
      .set({ ended_at: now, end_reason: why })
      .where("session_id", "=", sessionId)
      .execute();
    await trail.append(tx, [
      factBy(by, {
        at: now,
        action: why === "sign-out" ? "sign-out" : "session-ended",
        subjectKind: "session",
        subjectId: sessionId,
        detail: { why, userId },
      }),
    ]);
  }
  if (sessions.length > 0) await bumpIdentity(tx);
}

export function sessionOf(row: BrowserSessionTable): StoredSession {
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    label: row.label,
    method: row.method,
  };
}
