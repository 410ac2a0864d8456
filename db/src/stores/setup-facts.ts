import { APPROVER_ROLES, judgeSetup, type SetupFacts } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";

const CREATED = "store_created_at";
const ENDED = "setup_ended_at";

/** Who has signed in is told by the audit trail, which nobody can take a sign-in out of. */
export async function readSetup(db: Kysely<Database>): Promise<SetupFacts> {
  const rows = await db
    .selectFrom("store_meta")
    .select(["meta_key", "int_value"])
    .where("meta_key", "in", [CREATED, ENDED])
    .execute();
  const valueOf = (key: string) => rows.find((row) => row.meta_key === key)?.int_value ?? null;
  const endedAt = valueOf(ENDED);
  return {
    // A store that does not know its age is as old as can be.
    storeCreatedAt: valueOf(CREATED) ?? 0,
    endedAt,
    approversSeen: endedAt === null ? await approversSeen(db) : 0,
  };
}

/** Two accounts that the same hands could be in are one person: else nobody could approve for anybody, and set-up mode would be over. */
async function approversSeen(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom("app_user as u")
    .select((eb) => eb.fn.count(eb.fn.coalesce("u.let_in_by", "u.user_id")).distinct().as("people"))
    .where("u.role", "in", APPROVER_ROLES)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("audit_record as a")
          .select("a.seq")
          .whereRef("a.actor_id", "=", "u.user_id")
          .where("a.action", "=", "sign-in"),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(row.people);
}

/** Whether one person may decide alone at this moment. That it is over is written down in the same transaction, for good (EYES-6). */
export async function setupHolds(
  tx: Kysely<Database>,
  trail: AuditTrail,
  now: number,
): Promise<boolean> {
  const verdict = judgeSetup(await readSetup(tx), now);
  if (!verdict.on && verdict.because !== "ended") {
    await endSetup(tx, trail, verdict.because, now);
  }
  return verdict.on;
}

/** Only the first call counts. Returns whether this was it. */
export async function endSetup(
  tx: Kysely<Database>,
  trail: AuditTrail,
  because: string,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("store_meta")
    .set({ int_value: now })
    .where("meta_key", "=", ENDED)
    .where("int_value", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await trail.append(tx, [
    {
      at: now,
      actorKind: "service",
      actorId: "service",
      action: "setup-ended",
      subjectKind: null,
      subjectId: null,
      teamId: null,
      detail: { because },
    },
  ]);
  return true;
}
