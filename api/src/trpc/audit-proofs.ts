import type { AuditFilter, AuditView, Incident, Scope, Stores } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type AuditNames, auditViews } from "./audit-views.ts";

/** What the trail holds behind the reason that nobody was paged of an incident. */
export interface AuditProofs {
  /** Newest first. */
  readonly audit: readonly AuditView[];
  /** Who approved what the reason rests on, by name; null: nobody had to, or it was set before the trail began. */
  readonly approvedBy: string | null;
}

export const NO_PROOFS: AuditProofs = { audit: [], approvedBy: null };

/** Records of the incident, and of the source or job whose setting is the reason; none beyond the reader's scope. */
export async function auditProofs(
  readers: Pick<Stores, "audit">,
  names: AuditNames,
  scope: Scope,
  incident: Incident,
): Promise<AuditProofs> {
  const rests = restsOn(incident);
  const pages = await Promise.all(
    [{ subjectKind: "incident", subjectId: incident.incidentId }, ...rests].map((filter) =>
      // Nobody's own acts: what a reader may not see of others is no proof to them.
      readers.audit.list(scope, "", filter, API_LIMITS.proofsShown, null),
    ),
  );
  const records = pages
    .flatMap(({ items }) => items)
    .toSorted((a, b) => b.seq - a.seq)
    .slice(0, API_LIMITS.proofsShown);
  const audit = await auditViews(records, names);
  const applied = audit.find(
    ({ action, subjectKind, subjectId }) =>
      action === "change-applied" &&
      rests.some((one) => one.subjectKind === subjectKind && one.subjectId === subjectId),
  );
  return { audit, approvedBy: applied?.who ?? null };
}

/** Which setting the reason is: a source that is only watched, or a job that is not important enough. */
function restsOn({ untold, members }: Incident): readonly AuditFilter[] {
  const lead = members[0]?.card;
  if (lead === undefined) return [];
  if (untold === "source-watching" || untold === "not-production") {
    return [{ subjectKind: "source", subjectId: lead.sourceId }];
  }
  if (untold === "low-tier" && lead.jobId !== null) {
    return [{ subjectKind: "job", subjectId: lead.jobId }];
  }
  return [];
}
