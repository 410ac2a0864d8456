import type { Alert } from "../model/alert.ts";
import type { Incident, IncidentMember, Resolution } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { NotificationKind } from "../model/notification.ts";
import type { Draft } from "./draft.ts";
import { firingOf, foremostOf, isSameInstance, memberOf, namedOf } from "./members.ts";
import { holderOf, type Receiver } from "./receivers.ts";
import type { AlertsInput } from "./step-types.ts";
import { inTheirPlaces, told } from "./told.ts";

type Ended = "cleared" | "retracted" | "retired";

const KIND_OF: Readonly<Record<Ended, NotificationKind>> = {
  cleared: "recovered",
  retracted: "retracted",
  retired: "recovered",
};

/** Whether all that is known to fire in it ends with these alerts. */
function mayResolve(incident: Incident, alerts: readonly Alert[]): boolean {
  const newest = new Map(alerts.map((alert) => [alert.alertId, alert]));
  const anew = alerts.some(
    ({ alertId, firing }) => firing && !incident.members.some((one) => one.alertId === alertId),
  );
  return (
    !anew && incident.members.every((member) => !(newest.get(member.alertId) ?? member).firing)
  );
}

/** Whether the step needs to know who was told, and what was only counted, before it can be made. */
export function needsTold(incident: Incident | null, input: AlertsInput): boolean {
  if (incident === null) return false;
  if (input.sharedSourceId !== null) return true;
  return mayResolve(
    incident,
    input.alerts.map(({ alert }) => alert),
  );
}

/** Resolves it when nothing fires in it any more. Alerts that were only counted and still fire take the place of members. */
export function resolveIfOver(draft: Draft, { alerts, counted }: AlertsInput): boolean {
  if (firingOf(draft.incident).length > 0) return false;
  const still = counted.filter(
    ({ alertId }) => !draft.incident.members.some((one) => one.alertId === alertId),
  );
  if (still.length > 0) {
    const [named] = draft.incident.members;
    const members = [...(named === undefined ? [] : [named]), ...still.map(asMember)];
    draft.set({ members: members.slice(0, LIMITS.incidentMembers), recovering: null });
    return false;
  }
  const how = endingOf(draft.incident.members);
  const about = foremostOf(draft.incident);
  const attempt = attemptOf(
    draft.incident,
    alerts.map(({ alert }) => alert),
  );
  const at = Math.max(...alerts.map(({ alert }) => alert.endedAt ?? alert.since));
  draft.tell(toldOf(draft), KIND_OF[how], { type: "ended", about, how, at, attempt });
  close(draft, how);
  draft.log("resolved", null, how);
  return true;
}

export function close(draft: Draft, resolution: Resolution): void {
  draft.cancel();
  draft.set({
    resolution,
    resolvedAt: draft.context.now,
    recovering: null,
    ackUntil: null,
    remindedAt: null,
    snoozedUntil: null,
    snoozedBy: null,
    backToBed: false,
    escalation: { ...draft.incident.escalation, nextAt: null },
  });
}

function asMember(alert: Alert): IncidentMember {
  return { ...memberOf(alert), ...(alert.reason === null ? {} : { reason: alert.reason }) };
}

/** It never was so only where none of it was; it was cured as soon as one of it was. */
function endingOf(members: readonly IncidentMember[]): Ended {
  const endings = new Set(members.map(({ ending }) => ending ?? "cleared"));
  if (endings.has("cleared")) return "cleared";
  return endings.has("retired") ? "retired" : "retracted";
}

/** The attempt that was under way when it ended; null where something else ended last, or the cause is shared. */
function attemptOf(incident: Incident, ended: readonly Alert[]): number | null {
  if (incident.causeKind === "SHARED_SOURCE") return null;
  const named = namedOf(incident);
  if (!ended.some((alert) => isSameInstance(memberOf(alert), named))) return null;
  return incident.recovering?.attempt ?? named.card.recovering?.attempt ?? null;
}

/** Those who were told, and the one who has it, on all devices. */
function toldOf(draft: Draft): readonly Receiver[] {
  const { incident, context } = draft;
  if (incident.untold !== null) return [];
  const were = inTheirPlaces(told(context.promised), incident);
  return [...were, ...holderOf(context.world, incident)];
}
