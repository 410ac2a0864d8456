import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { bumpIdentity } from "./identity-version.ts";
import { takeAllOf } from "./session-belongings.ts";
import { endSessions, sessionOf } from "./session-rows.ts";

/** Tables of what lets somebody in. */
const WAYS_IN = ["user_password", "user_subject", "access_token", "sign_in_code"] as const;

/** Whether somebody has got in as this person, or could without a sign-in link. */
export async function hasWayIn(tx: Kysely<Database>, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("app_user as u")
    .select("u.user_id")
    .where("u.user_id", "=", userId)
    .where((eb) =>
      eb.or([
        eb("u.last_sign_in_at", "is not", null),
        ...WAYS_IN.map((table) =>
          eb.exists(
            eb
              .selectFrom(table)
              .select("user_id")
              .where(`${table}.user_id`, "=", eb.ref("u.user_id")),
          ),
        ),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The host or an identity provider gives this person a way in of their own: whoever fetched a link for them before has none any more, so
 * from now on the two are two (EYES-2). What such hands may have set up goes: codes, password, sessions, devices, browsers that are woken.
 */
export async function vouchFor(
  tx: Kysely<Database>,
  trail: AuditTrail,
  userId: string,
  by: "host" | "service",
  now: number,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable("app_user")
    .set({ let_in_by: null })
    .where("user_id", "=", userId)
    .where("let_in_by", "is not", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await tx.deleteFrom("sign_in_code").where("user_id", "=", userId).execute();
  await tx.deleteFrom("user_password").where("user_id", "=", userId).execute();
  const open = await tx
    .selectFrom("browser_session")
    .selectAll()
    .where("user_id", "=", userId)
    .where("ended_at", "is", null)
    .execute();
  await endSessions(tx, trail, open.map(sessionOf), "removed", by, now);
  await takeAllOf(tx, trail, userId, null, { why: "removed", by, now });
  await bumpIdentity(tx);
}
