import type { SessionEnd, StoredSession } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { removeDevices } from "./device-store.ts";
import { removeSubscriptions } from "./subscription-store.ts";

/** Ends that take all that a user's sessions began: whoever got in may have paired a device, or be told of incidents on one. */
const TAKES_ALL: ReadonlySet<SessionEnd> = new Set(["everywhere", "password", "removed"]);

/**
 * With all of a user's sessions but one: their paired devices, and their browsers that are woken, except that one's own. `by` is a user's id,
 * "host" or "service".
 */
export async function takeAllOf(
  tx: Kysely<Database>,
  trail: AuditTrail,
  userId: string,
  exceptId: string | null,
  { why, by, now }: EndedBy,
): Promise<void> {
  if (!TAKES_ALL.has(why)) return;
  await removeDevices(tx, trail, { userId }, by, now);
  await removeSubscriptions(tx, trail, { userId, exceptSession: exceptId }, { why, by, now });
}

/** With one session: the browser that it is woken in, that of `endpoint` whenever it was told of, and the devices that were paired in it. Its own time takes neither: people are asleep then. */
export async function takeThoseOf(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { userId, sessionId }: StoredSession,
  endpoint: string | null,
  { why, by, now }: EndedBy,
): Promise<void> {
  if (why === "expired") return;
  await removeDevices(tx, trail, { userId, sessionId }, by, now);
  await removeSubscriptions(tx, trail, { userId, sessionId, endpoint }, { why, by, now });
}

/**
 * With a family of refresh tokens of which an older one came back: what began in it, and what began nobody knows where. Not what the
 * person's other browsers began: a copy opens nothing but its own session, and an answer that never arrived looks the same.
 */
export async function takeThoseOfCopied(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { userId, sessionId }: StoredSession,
  now: number,
): Promise<void> {
  const of = { userId, sessionId, orUnknown: true };
  await removeDevices(tx, trail, of, "service", now);
  await removeSubscriptions(tx, trail, of, { why: "reuse", by: "service", now });
}

interface EndedBy {
  readonly why: SessionEnd;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly now: number;
}
