import type { Incident } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { Draft } from "./draft.ts";
import { inTime } from "./incident-state.ts";
import { canBeWoken } from "./ladder.ts";
import { firingOf, foremostOf, partsOf, withRoom } from "./members.ts";
import { byAge } from "./open-incidents.ts";
import { muteOfIncident, policyFor } from "./receivers.ts";
import { highest, isHigher, wakes } from "./severity.ts";
import type { AlertsInput } from "./step-types.ts";
import { owed, told } from "./told.ts";

/**
 * The cause is shared: takes the members of the others in, goes on as the foremost of them did, and says so to all who were
 * told. Returns whether it is to be told again: it became more severe than what it goes on as.
 */
export function absorb(draft: Draft, { absorbs, sharedSourceId }: AlertsInput): boolean {
  if (sharedSourceId === null) return false;
  const isNew = draft.incident.causeKind !== "SHARED_SOURCE";
  const { now } = draft.context;
  const parts = [draft.incident, ...absorbs.map((other) => inTime(other, now))];
  draft.set({ causeKind: "SHARED_SOURCE", resourceKey: `source:${sharedSourceId}` });
  for (const other of absorbs) takeIn(draft, other);
  const rises = absorbs.length > 0 && goOnAs(draft, parts);
  if (draft.before === null || (!isNew && absorbs.length === 0)) return rises;
  const about = foremostOf(draft.incident);
  const { promised } = draft.context;
  // What those who are taken in have not sent yet is cancelled with them, and nobody may wait for the ladder's next step.
  if (draft.incident.acknowledgedBy === null) {
    draft.tell(owed(promised, draft.incident), "page", { type: "news", about });
  }
  draft.tell(told(promised), "update", { type: "news", about });
  return rises;
}

function takeIn(draft: Draft, other: Incident): void {
  const ids = new Set(draft.incident.members.map(({ alertId }) => alertId));
  for (const member of firingOf(other)) {
    if (ids.has(member.alertId)) continue;
    const room = withRoom(draft.incident.members);
    const { memberCount } = draft.incident;
    draft.set({
      memberCount: memberCount + 1,
      ...(room === null ? {} : { members: [...room, member] }),
    });
    draft.handleMember(member);
  }
  const { parts = [] } = draft.incident;
  draft.set({ parts: [...parts, ...partsOf(other)].slice(-LIMITS.incidentMembers) });
  draft.log("merged", null, other.members[0]?.card.jobName ?? null);
}

/**
 * One of the parts says for all of them whose it is, who has it and who is paged next [INC-7]: nobody who has something less
 * severe stops a page.
 */
function goOnAs(draft: Draft, parts: readonly Incident[]): boolean {
  const { world } = draft.context;
  const { severity: earlier, acknowledgedBy: holder } = draft.incident;
  const audible = parts.filter((part) => muteOfIncident(world, part) === null);
  const [lead = draft.incident] = parts.toSorted((a, b) => compareParts(a, b, world));
  const most = highest((audible.length > 0 ? audible : parts).map(({ severity }) => severity));
  const severity = isHigher(most, earlier) ? most : earlier;
  const { teamId, recovering, escalation } = lead;
  const { acknowledgedBy, acknowledgedAt, ackUntil, remindedAt, backToBed } = lead;
  const { snoozedBy, snoozedUntil } = lead;
  const untold = parts.some((part) => part.untold === null) ? null : lead.untold;
  draft.set({ severity, untold, teamId, recovering, escalation });
  draft.set({ acknowledgedBy, acknowledgedAt, ackUntil, remindedAt, backToBed });
  draft.set({ snoozedBy, snoozedUntil });
  if (severity !== earlier) draft.log("severity-changed", null, severity);
  if (holder !== null && holder.userId !== acknowledgedBy?.userId) {
    draft.log("acknowledgement-over", null, holder.name);
  }
  if (acknowledgedBy !== null) draft.cancel();
  if (audible.length === 0) return false;
  const isOwed = acknowledgedBy === null && escalation.nextAt === null && wakes(severity);
  return isOwed || isHigher(severity, lead.severity);
}

/** The foremost first: of those with somebody who has it or can be woken the most severe, of several one that somebody has, the oldest. */
function compareParts(a: Incident, b: Incident, world: AlertingWorld): number {
  const isAnswered = (part: Incident) =>
    muteOfIncident(world, part) === null &&
    (part.acknowledgedBy !== null || policyFor(world, part).people.some(canBeWoken));
  return (
    Number(isAnswered(b)) - Number(isAnswered(a)) ||
    Number(isHigher(b.severity, a.severity)) - Number(isHigher(a.severity, b.severity)) ||
    Number(b.acknowledgedBy !== null) - Number(a.acknowledgedBy !== null) ||
    byAge(a, b)
  );
}
