import { requestHash, StoreError, type WhyNotDecide, whyNotDecide } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import { type FactActor, requestFact } from "./approval-facts.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { carryOut, takeBack } from "./carry-out.ts";
import { lookAt } from "./change-kinds.ts";
import {
  carriedOutOf,
  changeOf,
  joinsOf,
  requireRequest,
  standsAlone,
} from "./change-request-rows.ts";
import { currentUser } from "./propose-change.ts";

type Decided = Pick<
  ChangeRequestTable,
  "state" | "decided_by" | "decided_at" | "decision_note" | "reverts_at"
>;

/** What was read and found right is approved; the update asks again for all of it, so that of two decisions one wins (EYES-5). */
export async function approveChange(
  tx: Kysely<Database>,
  trail: AuditTrail,
  decision: {
    readonly requestId: string;
    readonly hash: string;
    readonly note: string | null;
    readonly userId: string;
  },
  now: number,
): Promise<ChangeRequestTable> {
  const { requestId, hash, note, userId } = decision;
  const row = await requireRequest(tx, requestId);
  await requireDecider(tx, row, userId);
  requireOpen(row);
  if (hash !== row.hash) {
    throw new StoreError(
      "other_content",
      "hash: this is not the request that was shown; read it again.",
    );
  }
  if (now >= (row.reverts_at ?? row.expires_at)) {
    throw new StoreError("expired", "It was not approved in time; ask for it again.");
  }
  const waits = row.state === "WAITING";
  if (waits) await requireUnchanged(tx, row);
  const approved = await decide(tx, row, {
    state: "APPLIED",
    decided_by: userId,
    decided_at: now,
    decision_note: note,
    reverts_at: null,
  });
  await trail.append(tx, [requestFact(row, "change-approved", userId, now, { hash })]);
  if (waits) await carryOut(tx, trail, row, userId, now);
  return approved;
}

export async function rejectChange(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { requestId, note, userId }: { requestId: string; note: string; userId: string },
  now: number,
): Promise<ChangeRequestTable> {
  const row = await requireRequest(tx, requestId);
  await requireDecider(tx, row, userId);
  requireOpen(row);
  return end(
    tx,
    trail,
    row,
    { action: "change-rejected", state: "REJECTED", actor: userId, note },
    now,
  );
}

/** By who asked, whatever role they have now. */
export async function withdrawChange(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { requestId, userId }: { requestId: string; userId: string },
  now: number,
): Promise<ChangeRequestTable> {
  const row = await requireRequest(tx, requestId);
  if (row.requested_by !== userId) {
    throw new StoreError("may_not_decide", "Only who asked for it can withdraw it.");
  }
  requireOpen(row);
  const how = {
    action: "change-withdrawn",
    state: "WITHDRAWN",
    actor: userId,
    note: null,
  } as const;
  return end(tx, trail, row, how, now);
}

/** Its time is over. Null: somebody decided meanwhile, or it is not over. */
export async function expireChange(
  tx: Kysely<Database>,
  trail: AuditTrail,
  requestId: string,
  now: number,
): Promise<ChangeRequestTable | null> {
  const row = await requireRequest(tx, requestId);
  const isOpen = row.state === "WAITING" || standsAlone(row);
  if (!isOpen || now < (row.reverts_at ?? row.expires_at)) return null;
  const how = { action: "change-expired", state: "EXPIRED", actor: null, note: null } as const;
  return end(tx, trail, row, how, now);
}

interface Ending {
  readonly action: "change-rejected" | "change-withdrawn" | "change-expired";
  /** Of a request that waited; one that was carried out already is `REVERTED`. */
  readonly state: "REJECTED" | "WITHDRAWN" | "EXPIRED";
  readonly actor: FactActor;
  readonly note: string | null;
}

/** Without approval: what waited is not done, what stands under break-glass is taken back at once. */
async function end(
  tx: Kysely<Database>,
  trail: AuditTrail,
  row: ChangeRequestTable,
  { action, state, actor, note }: Ending,
  now: number,
): Promise<ChangeRequestTable> {
  const stood = standsAlone(row);
  const ended = await decide(tx, row, {
    state: stood ? "REVERTED" : state,
    decided_by: actor,
    decided_at: now,
    decision_note: note,
    reverts_at: null,
  });
  await trail.append(tx, [requestFact(row, action, actor, now)]);
  if (stood) await takeBack(tx, trail, row, actor, now);
  return ended;
}

const WHY_NOT: Readonly<Record<WhyNotDecide, string>> = {
  own_request: "You asked for this change: somebody else must approve or reject it.",
  same_hands:
    "Who asked could be in your account, or you in theirs: a sign-in link of one was fetched by the other. Somebody else decides, or it is asked " +
    "for again once the host has given whose link it was a way in of their own (batchwatch user link, user password or user oidc).",
  may_not_decide: "You may not decide on this change.",
};

/** Who asked, who could be the same, and who has not the role now, decides nothing. */
async function requireDecider(
  tx: Kysely<Database>,
  row: ChangeRequestTable,
  userId: string,
): Promise<void> {
  const joins = joinsOf(carriedOutOf(row).before);
  const decidable = {
    kind: row.kind,
    teamId: row.team_id,
    requestedBy: row.requested_by,
    requestedHands: row.requested_hands,
    ...joins,
  };
  const user = await currentUser(tx, userId);
  const why = user === null ? "may_not_decide" : whyNotDecide(user, decidable);
  if (why !== null) throw new StoreError(why, WHY_NOT[why]);
}

function requireOpen(row: ChangeRequestTable): void {
  if (row.state === "WAITING" || standsAlone(row)) return;
  throw new StoreError("not_waiting", `It does not wait any more: ${row.state.toLowerCase()}.`);
}

/** The same hash over what stands now: nobody changed what the approver read (EYES-4). */
async function requireUnchanged(tx: Kysely<Database>, row: ChangeRequestTable): Promise<void> {
  const change = changeOf(row);
  const { standing } = await lookAt(tx, change, row.subject_id);
  if (requestHash(change, standing) === row.hash) return;
  throw new StoreError(
    "changed_meanwhile",
    `What it was asked for changed since: nothing was applied. Ask again for ${row.subject_name ?? row.subject_id}.`,
  );
}

async function decide(
  tx: Kysely<Database>,
  row: ChangeRequestTable,
  decided: Decided,
): Promise<ChangeRequestTable> {
  const change = { ...decided, open_key: null };
  let update = tx
    .updateTable("change_request")
    .set(change)
    .where("request_id", "=", row.request_id)
    .where("state", "=", row.state)
    .where("hash", "=", row.hash)
    .where("open_key", "is not", null);
  // Approval alone needs a second person; the condition is in the statement that gives it.
  if (decided.state === "APPLIED") {
    update = update.where("requested_by", "<>", decided.decided_by ?? "");
  }
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows === 1n) return { ...row, ...change };
  throw new StoreError("not_waiting", "Somebody else decided on it just now.");
}
