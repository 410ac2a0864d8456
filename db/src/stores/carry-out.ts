import {
  type ChangeAuthor,
  type Fields,
  fieldsAfter,
  inverseOf,
  type ProposedChange,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import { type FactActor, fieldsOf, requestFact, subjectFact } from "./approval-facts.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { applyChange, lookAt } from "./change-kinds.ts";
import { carriedOutOf, changeOf, standsAlone } from "./change-request-rows.ts";
import { findUser } from "./remove-user.ts";

/** Who takes back what stood too long. */
const SERVICE: ChangeAuthor = { userId: "batchwatch", name: "batchwatch" };

/** Carries a request out in the name of who asked for it, and says so in the trail. `actor`: whose word made it so. */
export async function carryOut(
  tx: Kysely<Database>,
  trail: AuditTrail,
  row: ChangeRequestTable,
  actor: string,
  now: number,
): Promise<void> {
  const asker = await findUser(tx, "user_id", row.requested_by);
  const by = { userId: row.requested_by, name: asker?.name ?? "a removed user" };
  await applied(tx, trail, changeOf(row), row.subject_id, by, now);
  const facts = [subjectFact(row, "change-applied", actor, now)];
  if (row.takes_back !== null) {
    await tx
      .updateTable("change_request")
      .set({ reverted_by: row.request_id })
      .where("request_id", "=", row.takes_back)
      .where("reverted_by", "is", null)
      .execute();
    facts.push(requestFact(row, "change-reverted", actor, now, { takesBack: row.takes_back }));
  }
  await trail.append(tx, facts);
}

/** Takes back what stands under break-glass: of what it made, what still stands (EYES-7). */
export async function takeBack(
  tx: Kysely<Database>,
  trail: AuditTrail,
  row: ChangeRequestTable,
  actor: FactActor,
  now: number,
): Promise<void> {
  const standing = await fieldsNow(tx, row);
  const inverse = standing === null ? null : inverseOf(carriedOutOf(row), standing);
  if (inverse !== null) await applied(tx, trail, inverse, row.subject_id, SERVICE, now);
  // What this one took back stands again.
  await tx
    .updateTable("change_request")
    .set({ reverted_by: null })
    .where("reverted_by", "=", row.request_id)
    .execute();
  await trail.append(tx, [
    subjectFact(row, "change-reverted", actor, now, takenBackOf(row, inverse)),
    requestFact(row, "change-reverted", actor, now, { changed: inverse !== null }),
  ]);
}

/** Of the fields that the request names, those that were set back: what somebody changed since is not among them. */
function takenBackOf(row: ChangeRequestTable, inverse: ProposedChange | null): readonly string[] {
  if (inverse === null) return [];
  const back = fieldsAfter(inverse);
  const named = fieldsOf(row);
  const found = named.filter((field) => Object.hasOwn(back, field));
  // A person or a calendar goes back as a whole, and is named by its parts.
  return found.length === 0 ? named : found;
}

/** The fields of a request as they are now; null: what it was about is gone. */
export async function fieldsNow(
  tx: Kysely<Database>,
  row: ChangeRequestTable,
): Promise<Fields | null> {
  try {
    return (await lookAt(tx, changeOf(row), row.subject_id)).standing.fields;
  } catch (error) {
    if (error instanceof StoreError && error.code === "not_found") return null;
    throw error;
  }
}

async function applied(
  tx: Kysely<Database>,
  trail: AuditTrail,
  change: ProposedChange,
  subjectId: string,
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  await applyChange(tx, change, subjectId, by, now);
  if (change.kind === "user-remove") await withdrawAllOf(tx, trail, change.payload.userId, now);
}

/** Nobody is left to ask for it: what waited is not done, what stands under break-glass is taken back (EYES-13). */
export async function withdrawAllOf(
  tx: Kysely<Database>,
  trail: AuditTrail,
  userId: string,
  now: number,
): Promise<void> {
  const rows = await tx
    .selectFrom("change_request")
    .selectAll()
    .where("requested_by", "=", userId)
    .where((eb) => eb.or([eb("state", "=", "WAITING"), eb("reverts_at", "is not", null)]))
    .execute();
  for (const row of rows) {
    const stood = standsAlone(row);
    await tx
      .updateTable("change_request")
      .set({
        state: stood ? "REVERTED" : "WITHDRAWN",
        decided_at: now,
        reverts_at: null,
        open_key: null,
      })
      .where("request_id", "=", row.request_id)
      .execute();
    const because = { because: "who asked was removed" };
    await trail.append(tx, [requestFact(row, "change-withdrawn", null, now, because)]);
    if (stood) await takeBack(tx, trail, row, null, now);
  }
}
