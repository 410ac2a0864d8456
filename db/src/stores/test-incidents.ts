import {
  alertIdOf,
  type Alert,
  type AlertCard,
  type AlertLevel,
  type Incident,
  type IncidentChange,
  type IncidentCommand,
  type IncidentEvent,
  type Notification,
  type NotificationCard,
  type RuleName,
  type Stores,
} from "@batchwatch/engine";

/** What the suites of incidents and of the outbox run on. */
export type IncidentStores = Pick<Stores, "alerts" | "incidents" | "outbox">;

export function alertCard(given: Partial<AlertCard> = {}): AlertCard {
  return {
    jobId: "j1",
    jobName: "GL_EXTRACT",
    namespace: "",
    sourceId: "src",
    teamId: "ledger",
    tier: 2,
    executionId: "e1",
    runKey: "key of e1",
    instanceKey: "i1",
    attempt: 1,
    parentExecutionId: null,
    businessDate: "2026-03-31",
    stage: null,
    firstStep: null,
    runbookUrl: null,
    message: "disk full",
    evidence: [],
    recovering: null,
    ...given,
  };
}

/** The rule holds for a run since `since`. */
export function holds(
  executionId: string,
  since: number,
  given: Partial<AlertCard> = {},
  rule: RuleName = "failed",
): AlertLevel {
  const card = alertCard({ executionId, runKey: `key of ${executionId}`, ...given });
  return { rule, subject: executionId, holds: true, since, card };
}

export function ended(
  executionId: string,
  since: number,
  ending: "cleared" | "retracted" | "retired" = "cleared",
  rule: RuleName = "failed",
): AlertLevel {
  return { rule, subject: executionId, holds: false, since, ending };
}

export function idOf(executionId: string, rule: RuleName = "failed"): string {
  return alertIdOf(rule, executionId);
}

export function incident(incidentId: string, given: Partial<Incident> = {}): Incident {
  return {
    incidentId,
    groupKey: `group of ${incidentId}`,
    version: 1,
    state: "OPEN",
    severity: "HIGH",
    causeKind: "FAILED",
    resourceKey: null,
    teamId: "ledger",
    openedAt: 1_000,
    updatedAt: 1_000,
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
    ...given,
  };
}

export function memberOf(alert: Alert): Incident["members"][number] {
  const { alertId, rule, firing, since, version, openings, card } = alert;
  return { alertId, rule, firing, since, version, openings, card };
}

/** A change that makes `next` of what stands one version below. */
export function change(next: Incident, given: Partial<IncidentChange> = {}): IncidentChange {
  return {
    incident: next,
    expectedVersion: next.version - 1,
    alerts: [],
    notifications: [],
    cancels: null,
    events: [],
    command: null,
    ...given,
  };
}

/** The incident one version on. */
export function after(before: Incident, given: Partial<Incident> = {}): Incident {
  return { ...before, version: before.version + 1, ...given };
}

export const duty = { userId: "u1", name: "Duty Operator" } as const;

export function acknowledge(
  commandId: string,
  incidentId: string,
  given: Partial<IncidentCommand> = {},
): IncidentCommand {
  return { commandId, incidentId, by: duty, action: { type: "acknowledge" }, ...given };
}

export function answered(
  command: IncidentCommand,
  { state, version }: Incident,
): NonNullable<IncidentChange["command"]> {
  return {
    command,
    answer: {
      outcome: "done",
      incidentId: command.incidentId,
      state,
      version,
      acknowledgedBy: command.by,
      acknowledgedAt: 1_000,
      resolvedAt: null,
      resolution: null,
      mergedInto: null,
    },
  };
}

export function event(eventId: string, given: Partial<IncidentEvent> = {}): IncidentEvent {
  return { eventId, incidentId: "n1", at: 1_000, kind: "paged", by: null, text: null, ...given };
}

export function notification(
  notificationId: string,
  given: Partial<Notification> = {},
): Notification {
  return {
    notificationId,
    incidentId: "n1",
    kind: "page",
    channel: "webpush",
    targetId: "s1",
    userId: "u1",
    receiver: "Duty Operator",
    card: notificationCard(),
    state: "PENDING",
    createdAt: 1_000,
    attempts: 0,
    nextAttemptAt: 1_000,
    leaseOwner: null,
    leaseUntil: null,
    sentAt: null,
    shownAt: null,
    seenAt: null,
    lastError: null,
    ...given,
  };
}

function notificationCard(): NotificationCard {
  return {
    incidentId: "n1",
    version: 1,
    kind: "page",
    severity: "HIGH",
    title: "GL_EXTRACT failed",
    body: "disk full",
    jobId: "j1",
    jobName: "GL_EXTRACT",
    executionId: "e1",
    cause: "FAILED",
    message: "disk full",
    since: "2026-03-31T02:14:00.000Z",
    jobs: 1,
    firstStep: null,
    runbookUrl: null,
    acknowledgedBy: null,
    nextAt: null,
    nextPerson: null,
  };
}
