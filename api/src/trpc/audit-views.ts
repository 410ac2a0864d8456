import { type AuditRecord, type AuditStore, type AuditView, formerName } from "@batchwatch/engine";

export interface AuditNames {
  /** A person's name today; null: not there (any more). */
  readonly nameOf: (userId: string) => string | null;
  readonly subjectNames: AuditStore["subjectNames"];
}

/** Records with the names that people know: looked up now, since none is in them. */
export async function auditViews(
  records: readonly AuditRecord[],
  names: AuditNames,
): Promise<readonly AuditView[]> {
  const subjects = records.map(({ subjectKind, subjectId }) => ({
    kind: subjectKind ?? "",
    id: subjectId ?? "",
  }));
  const called = await names.subjectNames(subjects);
  return records.map((record, index) => {
    const { seq, at, actorId, action, subjectKind, subjectId, teamId, detail } = record;
    return {
      seq,
      at: new Date(at).toISOString(),
      who: whoOf(record, names.nameOf),
      actorId,
      action,
      subjectKind,
      subjectId,
      subjectName: called[index] ?? formerSubject(record),
      teamId,
      detail,
    };
  });
}

export function whoOf(
  { actorKind, actorId, detail }: Pick<AuditRecord, "actorKind" | "actorId" | "detail">,
  nameOf: AuditNames["nameOf"],
): string {
  if (actorKind === "host") return "Command line on the host";
  if (actorKind === "service") {
    return typeof detail["webhookId"] === "string" ? "A webhook's link" : "Batchwatch";
  }
  if (actorId === "unknown") return "Somebody unknown";
  return personOf(actorId, nameOf);
}

/** Their name today, or what stands for somebody who is not there any more. */
export function personOf(userId: string, nameOf: AuditNames["nameOf"]): string {
  return nameOf(userId) ?? formerName(userId);
}

/** Of a person who is not there any more the pseudonym stays. */
function formerSubject({ subjectKind, subjectId }: AuditRecord): string | null {
  return subjectKind === "user" && subjectId !== null ? formerName(subjectId) : null;
}
