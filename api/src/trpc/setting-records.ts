import type { AuditAction, AuditRecord, AuditStore, Incident } from "@batchwatch/engine";
import { EVERYONE, LIMITS } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

/** What sets a thing: a kind of change, or a command on the host → the field of it that must be named; null: it always does. */
type Setters = ReadonlyMap<unknown, string | null>;

const ENVIRONMENT: Setters = new Map([
  ["source-add", null],
  ["source add", null],
  ["replay", null],
]);
const PAGING: Setters = new Map([
  ...ENVIRONMENT,
  ["source-paging", "pagingMode"],
  ["source start-paging", "pagingMode"],
  ["source stop-paging", "pagingMode"],
]);
const TIER: Setters = new Map([
  ["job-configure", "tier"],
  ["job configure", "tier"],
]);

/** The setting that a reason rests on. */
export interface Setting {
  readonly subjectKind: "source" | "job";
  readonly subjectId: string;
  readonly setters: Setters;
}

/** A source that is only watched or not production, or a job that is not important enough; null: the reason is no setting. */
export function settingBehind({
  untold,
  members,
}: Pick<Incident, "untold" | "members">): Setting | null {
  const lead = members[0]?.card;
  if (lead === undefined) return null;
  const { sourceId, jobId } = lead;
  switch (untold) {
    case "not-production":
      return { subjectKind: "source", subjectId: sourceId, setters: ENVIRONMENT };
    case "source-watching":
      return { subjectKind: "source", subjectId: sourceId, setters: PAGING };
    case "low-tier":
      return jobId === null ? null : { subjectKind: "job", subjectId: jobId, setters: TIER };
    default:
      return null;
  }
}

const ACTS = [
  "change-applied",
  "change-reverted",
  "host-command",
] as const satisfies readonly AuditAction[];

/**
 * What set it, newest first; what was done to the same source or job otherwise is left out. Complete as far as the newest one goes.
 * @param until epoch ms: what came later is no part of the reason
 */
export async function settingRecords(
  audit: Pick<AuditStore, "list">,
  setting: Setting,
  until: number,
): Promise<readonly AuditRecord[]> {
  const found = await Promise.all(ACTS.map((action) => newestOf(audit, setting, action, until)));
  return found.flat().toSorted((a, b) => b.seq - a.seq);
}

/** Those of the first page that holds any. */
async function newestOf(
  audit: Pick<AuditStore, "list">,
  { subjectKind, subjectId, setters }: Setting,
  action: AuditAction,
  until: number,
): Promise<readonly AuditRecord[]> {
  const filter = { subjectKind, subjectId, action, until: until + 1 };
  let cursor: string | null = null;
  for (let pages = 0; pages < API_LIMITS.proofPages; pages += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a page is asked for with the end of the one before
    const page = await audit.list(EVERYONE, "", filter, LIMITS.pageSize, cursor);
    const found = page.items.filter((record) => sets(record, setters));
    if (found.length > 0 || page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
  return [];
}

function sets({ detail }: AuditRecord, setters: Setters): boolean {
  const field = setters.get(detail["kind"] ?? detail["command"]);
  if (field === undefined) return false;
  return (
    field === null ||
    String(detail["fields"] ?? "")
      .split(",")
      .includes(field)
  );
}
