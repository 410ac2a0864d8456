import type { Alert, AlertCard, RuleName } from "../model/alert.ts";
import { contentIdOf } from "../model/ids.ts";
import type { CauseKind, Incident, IncidentMember, Severity } from "../model/incident.ts";
import { absorb } from "./absorb.ts";
import { Draft } from "./draft.ts";
import { followOwner } from "./hand-over.ts";
import { judge } from "./judge-alerts.ts";
import { memberOf, withRoom } from "./members.ts";
import { muteOf } from "./receivers.ts";
import { resolveIfOver } from "./resolution.ts";
import { highest, isHigher, severityOf } from "./severity.ts";
import type { AlertsInput, StepContext, StepResult, TakenAlert } from "./step-types.ts";

/** What an incident is about whose first alert is of this rule. */
const CAUSE_OF: Readonly<Record<RuleName, CauseKind>> = {
  failed: "FAILED",
  missed: "MISSED",
  stalled: "STALLED",
  "source-silent": "SOURCE_SILENT",
};

/** A member that began to fire with this step, or fires on and has become more severe. */
export interface Newcomer {
  readonly member: IncidentMember;
  readonly consequence: boolean;
  /** It was taken in before, and keeps its reason unless it is told again. */
  readonly isKnown: boolean;
}

/** Takes alerts into an incident, or makes one of them. Null: they say nothing new. */
export function takeAlerts(
  incident: Incident | null,
  input: AlertsInput,
  context: StepContext,
): StepResult | null {
  const news = input.alerts.filter(({ alert }) => isNews(incident, alert));
  if (news.length === 0 && input.absorbs.length === 0) return null;
  const firing = news.filter(({ alert }) => alert.firing);
  if (incident === null && firing.length === 0) return endedBefore(news);
  const draft = new Draft(context, incident, incident ?? firstOf(firing, input, context));
  if (incident === null) draft.log("opened", null);
  const rises = absorb(draft, input);
  const newcomers = news.flatMap((taken) => take(draft, taken) ?? []);
  if (!resolveIfOver(draft, input)) {
    followOwner(draft);
    judge(draft, newcomers, rises);
  }
  return draft.finish();
}

/** The version is not in it yet. */
function isNews(incident: Incident | null, { alertId, version }: Alert): boolean {
  const member = incident?.members.find((one) => one.alertId === alertId);
  return member === undefined || member.version < version;
}

function endedBefore(news: readonly TakenAlert[]): StepResult {
  return {
    incident: null,
    alerts: news.map(({ alert }) => ({
      alertId: alert.alertId,
      handledVersion: alert.version,
      reason: alert.reason ?? "ended-before",
    })),
    notifications: [],
    cancels: null,
    events: [],
    answer: null,
  };
}

/** An incident without members yet, named after what began first. */
function firstOf(
  firing: readonly TakenAlert[],
  { groupKey, sharedSourceId }: AlertsInput,
  { now, world }: StepContext,
): Incident {
  const { alertId, version, rule, card } = firing.reduce((first, one) =>
    one.alert.since < first.alert.since ? one : first,
  ).alert;
  const causeKind = sharedSourceId === null ? CAUSE_OF[rule] : "SHARED_SOURCE";
  return {
    incidentId: contentIdOf("incident", groupKey, alertId, String(version)),
    groupKey,
    version: 0,
    state: "OPEN",
    severity: severityOfNew(firing, (one) => muteOf(world, one) === null),
    causeKind,
    resourceKey: resourceKeyOf(causeKind, sharedSourceId ?? card.sourceId),
    teamId: card.teamId,
    openedAt: now,
    updatedAt: now,
    resolvedAt: null,
    resolution: null,
    resolvedBy: null,
    resolutionReason: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackUntil: null,
    remindedAt: null,
    snoozedUntil: null,
    snoozedBy: null,
    backToBed: false,
    recovering: null,
    mergedInto: null,
    untold: null,
    escalation: { step: 0, nextAt: null },
    nextDueAt: null,
    members: [],
    memberCount: 0,
  };
}

/** What may be told decides; where nothing may, all of it. */
function severityOfNew(
  firing: readonly TakenAlert[],
  isAudible: (card: AlertCard) => boolean,
): Incident["severity"] {
  const audible = firing.filter(({ alert }) => isAudible(alert.card));
  const deciding = audible.length > 0 ? audible : firing;
  return highest(deciding.map(({ alert }) => severityOf(alert.rule, alert.card.tier)));
}

function resourceKeyOf(causeKind: CauseKind, sourceId: string): string | null {
  return causeKind === "SHARED_SOURCE" || causeKind === "SOURCE_SILENT"
    ? `source:${sourceId}`
    : null;
}

/** Puts one alert in its place. Returns it where it began to fire with this step, or has become more severe: somebody raised its job's tier. */
function take(draft: Draft, { alert, consequence }: TakenAlert): Newcomer | null {
  const { members } = draft.incident;
  const known = members.find((member) => member.alertId === alert.alertId);
  if (!alert.firing) {
    end(draft, alert, known);
    return null;
  }
  if (known?.firing === true && known.openings === alert.openings) {
    const member = { ...known, ...memberOf(alert) };
    replace(draft, member);
    draft.handleMember(member);
    const rises = isHigher(severityOfMember(member), severityOfMember(known));
    return rises ? { member: memberOf(alert), consequence, isKnown: true } : null;
  }
  const member = memberOf(alert);
  if (known === undefined && alert.incidentId === draft.incident.incidentId) {
    recall(draft, member, alert.reason);
    return null;
  }
  if (known === undefined) join(draft, member);
  else replace(draft, member);
  draft.log("alert-joined", null, alert.card.jobName);
  return { member, consequence, isKnown: false };
}

function severityOfMember({ rule, card }: IncidentMember): Severity {
  return severityOf(rule, card.tier);
}

function join(draft: Draft, member: IncidentMember): void {
  const { memberCount } = draft.incident;
  const room = withRoom(draft.incident.members);
  draft.set({
    memberCount: memberCount + 1,
    ...(room === null ? {} : { members: [...room, member] }),
  });
}

/** It was only counted until now. */
function recall(draft: Draft, plain: IncidentMember, reason: Alert["reason"]): void {
  const member = reason === null ? plain : { ...plain, reason };
  const room = withRoom(draft.incident.members);
  if (room !== null) draft.set({ members: [...room, member] });
  draft.handleMember(member);
}

function end(draft: Draft, alert: Alert, known: IncidentMember | undefined): void {
  if (known === undefined) {
    // Only counted here, or over before it came.
    const reason = alert.incidentId === null ? "ended-before" : alert.reason;
    draft.handle({ alertId: alert.alertId, handledVersion: alert.version, reason });
    return;
  }
  const member = {
    ...known,
    firing: false,
    version: alert.version,
    openings: alert.openings,
    ending: alert.ending ?? "cleared",
  };
  replace(draft, member);
  draft.handleMember(member);
  if (known.firing) draft.log("alert-ended", null, known.card.jobName);
}

function replace(draft: Draft, member: IncidentMember): void {
  const members = draft.incident.members.map((one) =>
    one.alertId === member.alertId ? member : one,
  );
  draft.set({ members });
}
