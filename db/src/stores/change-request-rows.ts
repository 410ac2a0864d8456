import {
  type CarriedOut,
  type ChangeRequest,
  isInvertible,
  type ProposedChange,
  type Standing,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";

/** Fails with `not_found`. */
export async function requireRequest(
  tx: Kysely<Database>,
  requestId: string,
): Promise<ChangeRequestTable> {
  const row = await tx
    .selectFrom("change_request")
    .selectAll()
    .where("request_id", "=", requestId)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new StoreError("not_found", `requestId: there is no change request "${requestId}".`);
}

export function changeOf(row: ChangeRequestTable): ProposedChange {
  return { kind: row.kind, payload: JSON.parse(row.payload) as unknown } as ProposedChange;
}

/** The change as it would be taken back. */
export function carriedOutOf(row: ChangeRequestTable): CarriedOut {
  return {
    change: changeOf(row),
    subjectId: row.subject_id,
    before: JSON.parse(row.standing) as Standing,
  };
}

/** Whose the job is that a rename takes in, as it stood when it was asked for: what is approved is bound to it. */
export function joinsOf({ context }: Pick<Standing, "context">): { readonly joinsTeamId?: string } {
  const joins = context["joins"] as { readonly team?: string } | null | undefined;
  return joins?.team === undefined ? {} : { joinsTeamId: joins.team };
}

/** It was carried out at once, nobody else has said anything to it, and it is not taken back yet. */
export function standsAlone({
  state,
  change_mode,
  reverts_at,
}: Pick<ChangeRequestTable, "state" | "change_mode" | "reverts_at">): boolean {
  return state === "APPLIED" && change_mode === "break-glass" && reverts_at !== null;
}

export function requestOf(row: ChangeRequestTable): ChangeRequest {
  return {
    ...changeOf(row),
    requestId: row.request_id,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    subjectName: row.subject_name ?? "",
    teamId: row.team_id,
    ...joinsOf(carriedOutOf(row).before),
    differences: JSON.parse(row.differences) as ChangeRequest["differences"],
    reason: row.reason ?? "",
    hash: row.hash,
    requestedBy: row.requested_by,
    requestedHands: row.requested_hands,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    state: row.state,
    mode: row.change_mode,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionNote: row.decision_note,
    revertsAt: row.reverts_at,
    revertedBy: row.reverted_by,
    invertible: isInvertible(carriedOutOf(row)),
    collectedAt: row.collected_at,
  };
}
