import type { AuditAction, AuditFact } from "@batchwatch/engine";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";

/** Who did it: a user's id; null: Batchwatch itself, as time went by. */
export type FactActor = string | null;

/** What is written of a request. Ids only: names and reasons stay with the request itself. */
export function requestFact(
  row: ChangeRequestTable,
  action: AuditAction,
  actor: FactActor,
  now: number,
  more: AuditFact["detail"] = {},
): AuditFact {
  return {
    ...by(actor),
    at: now,
    action,
    subjectKind: "change-request",
    subjectId: row.request_id,
    teamId: row.team_id,
    detail: {
      kind: row.kind,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      mode: row.change_mode,
      ...more,
    },
  };
}

/**
 * What is written of the thing itself, so that whoever asks about a job finds who changed it, and with whom.
 * @param fields those that were set; absent: all that the request names
 */
export function subjectFact(
  row: ChangeRequestTable,
  action: "change-applied" | "change-reverted",
  actor: FactActor,
  now: number,
  fields: readonly string[] = fieldsOf(row),
): AuditFact {
  return {
    ...by(actor),
    at: now,
    action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    teamId: row.team_id,
    detail: {
      request: row.request_id,
      kind: row.kind,
      mode: row.change_mode,
      hash: row.hash,
      requestedBy: row.requested_by,
      fields: fields.join(","),
    },
  };
}

/** The fields that a request names. */
export function fieldsOf({ differences }: ChangeRequestTable): readonly string[] {
  const named = JSON.parse(differences) as readonly { readonly field: string }[];
  return named.map(({ field }) => field);
}

function by(actor: FactActor): Pick<AuditFact, "actorKind" | "actorId"> {
  return actor === null
    ? { actorKind: "service", actorId: "service" }
    : { actorKind: "user", actorId: actor };
}
