import {
  type AuditFilter,
  type AuditStore,
  LIMITS,
  type LinkedAuditRecord,
  type Scope,
} from "@batchwatch/engine";

/** The newest records that match, ascending; `cut`: there are more than an evidence file takes. */
export async function evidenceRecords(
  audit: Pick<AuditStore, "list">,
  scope: Scope,
  readerId: string,
  filter: AuditFilter,
): Promise<{ readonly records: readonly LinkedAuditRecord[]; readonly cut: boolean }> {
  const records: LinkedAuditRecord[] = [];
  let cursor: string | null = null;
  do {
    const left = Math.min(LIMITS.pageSize, LIMITS.evidenceRecords - records.length);
    const page = await audit.list(scope, readerId, filter, left, cursor);
    records.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && records.length < LIMITS.evidenceRecords);
  return { records: records.toReversed(), cut: cursor !== null };
}
