import {
  type DeliveryView,
  type Incident,
  type IncidentEvent,
  type IncidentEventView,
  type IncidentListItem,
  type IncidentMember,
  type IncidentMemberView,
  type IncidentRow,
  isoOf,
  type Notification,
  type PastIncidentView,
} from "@batchwatch/engine";

/** Plain data of the store as the API's answers. Pure. */

export function incidentListItem({
  kind: _kind,
  key: _key,
  ...item
}: IncidentRow): IncidentListItem {
  return item;
}

export function memberView(member: IncidentMember): IncidentMemberView {
  const { card } = member;
  return {
    alertId: member.alertId,
    rule: member.rule,
    firing: member.firing,
    since: new Date(member.since).toISOString(),
    jobId: card.jobId,
    jobName: card.jobName,
    teamId: card.teamId,
    executionId: card.executionId,
    attempt: card.attempt,
    message: card.message,
  };
}

export function eventView({ eventId, at, kind, by, text }: IncidentEvent): IncidentEventView {
  return { eventId, at: new Date(at).toISOString(), kind, by: by?.name ?? null, text };
}

export function deliveryView(notification: Notification): DeliveryView {
  const { notificationId, incidentId, kind, channel, receiver, card, state, attempts, lastError } =
    notification;
  return {
    notificationId,
    incidentId,
    kind,
    channel,
    receiver,
    title: card.title,
    state,
    createdAt: new Date(notification.createdAt).toISOString(),
    attempts,
    nextAttemptAt: state === "PENDING" ? isoOf(notification.nextAttemptAt) : null,
    sentAt: isoOf(notification.sentAt),
    shownAt: isoOf(notification.shownAt),
    seenAt: isoOf(notification.seenAt),
    lastError,
  };
}

export function pastIncidentView(
  incident: Incident,
  events: readonly IncidentEvent[],
): PastIncidentView {
  const comment = events.findLast((event) => event.kind === "commented")?.text ?? null;
  const { openedAt, resolvedAt } = incident;
  return {
    incidentId: incident.incidentId,
    openedAt: new Date(openedAt).toISOString(),
    resolvedAt: isoOf(resolvedAt),
    durationMs: resolvedAt === null ? null : resolvedAt - openedAt,
    by: (incident.resolvedBy ?? incident.acknowledgedBy)?.name ?? null,
    note: incident.resolutionReason ?? comment,
  };
}
