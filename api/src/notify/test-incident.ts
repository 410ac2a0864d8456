import type { Incident } from "@batchwatch/engine";

/** An incident that has just been opened, nobody has answered, and is of nothing yet; `given` says what is otherwise. */
export function testIncident(given: Partial<Incident> = {}): Incident {
  return {
    incidentId: "incident",
    groupKey: "group",
    version: 1,
    state: "OPEN",
    severity: "HIGH",
    causeKind: "FAILED",
    resourceKey: null,
    teamId: "team",
    openedAt: 0,
    updatedAt: 0,
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
