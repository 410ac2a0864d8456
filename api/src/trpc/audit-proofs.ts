import {
  type AuditRecord,
  type AuditView,
  CHANGE_MODES,
  type ChangeMode,
  EVERYONE,
  type Incident,
  inScope,
  type Scope,
  type Stores,
  type WhyNotPagedView,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type AuditNames, auditViews, personOf, whoOf } from "./audit-views.ts";
import { type Setting, settingBehind, settingRecords } from "./setting-records.ts";

/** How the setting behind the reason came about, and who approved it. */
type Decision = Pick<WhyNotPagedView, "mode" | "setBy" | "setAt" | "approvedBy">;

/** What the trail holds behind the reason that nobody was paged of an incident. */
export interface AuditProofs extends Decision {
  /** Newest first. */
  readonly audit: readonly AuditView[];
}

const NO_DECISION: Decision = { mode: null, setBy: null, setAt: null, approvedBy: null };
export const NO_PROOFS: AuditProofs = { audit: [], ...NO_DECISION };

/**
 * Records of the incident, of what set the source or job as it was when nobody was told, and of the request for that: for those whose
 * incident it is, whoever's the source is. Another team's incident proves nothing to its readers.
 */
export async function auditProofs(
  readers: Pick<Stores, "audit" | "incidents">,
  names: AuditNames,
  scope: Scope,
  incident: Incident,
): Promise<AuditProofs> {
  if (!inScope(scope, incident.teamId)) return NO_PROOFS;
  const about = (subjectKind: string, subjectId: string): Promise<readonly AuditRecord[]> =>
    readers.audit
      .list(EVERYONE, "", { subjectKind, subjectId }, API_LIMITS.proofsShown, null)
      .then(({ items }) => items);
  const setting = settingBehind(incident);
  const [acts, settings] = await Promise.all([
    about("incident", incident.incidentId),
    setting === null ? [] : settingsUntilTold(readers, setting, incident),
  ]);
  const [newest] = settings;
  const requestId = newest?.detail["request"];
  const asked = typeof requestId === "string" ? await about("change-request", requestId) : [];
  const behind = [...settings.slice(0, 1), ...asked, ...settings.slice(1), ...acts];
  const shown = behind.slice(0, API_LIMITS.proofsShown).toSorted((a, b) => b.seq - a.seq);
  return {
    audit: await auditViews(shown, names),
    ...(newest === undefined ? NO_DECISION : decisionOf(newest, asked, names)),
  };
}

/** A setting that was changed after it was judged has not been the reason. */
async function settingsUntilTold(
  readers: Pick<Stores, "audit" | "incidents">,
  setting: Setting,
  { incidentId, untold, openedAt }: Incident,
): Promise<readonly AuditRecord[]> {
  const events = await readers.incidents.events(incidentId);
  const judged = events.filter(({ kind, text }) => kind === "nobody-told" && text === untold);
  const until = Math.max(openedAt, ...judged.map(({ at }) => at));
  return settingRecords(readers.audit, setting, until);
}

function decisionOf(
  record: AuditRecord,
  asked: readonly AuditRecord[],
  { nameOf }: AuditNames,
): Decision {
  const { action, detail } = record;
  const who = whoOf(record, nameOf);
  const set = { setBy: who, setAt: new Date(record.at).toISOString(), approvedBy: null };
  if (action === "host-command") return { ...set, mode: "host" };
  if (action === "change-reverted") return { ...set, mode: "taken-back" };
  const mode = modeOf(detail["mode"]);
  if (mode === "two-people") {
    const askedBy = detail["requestedBy"];
    const setBy = typeof askedBy === "string" ? personOf(askedBy, nameOf) : null;
    return { ...set, mode, setBy, approvedBy: who };
  }
  // Approved while it stood alone: the second person came after it was applied.
  const approval = asked.find((one) => one.action === "change-approved");
  return { ...set, mode, approvedBy: approval === undefined ? null : whoOf(approval, nameOf) };
}

function modeOf(value: unknown): ChangeMode | null {
  return CHANGE_MODES.find((mode) => mode === value) ?? null;
}
