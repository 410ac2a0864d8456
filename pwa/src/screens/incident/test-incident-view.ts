import type { DeliveryView, IncidentRow, IncidentView } from "batchwatch/router";
import { incidentRow } from "../../live/test-rows.ts";

/** A whole incident for tests; each field can be set. */
export function incidentView(
  id: string,
  fields: Partial<IncidentView> & Partial<IncidentRow> = {},
): IncidentView {
  const { kind: _kind, key: _key, ...row } = incidentRow(id, fields);
  return {
    ...row,
    members: [],
    foreignMembers: [],
    membersNotShown: 0,
    events: [],
    deliveries: [],
    waiting: [],
    foreignWaiting: [],
    isForeign: false,
    runbookUrl: null,
    firstStep: null,
    recoveryRecipe: null,
    sourceName: null,
    lastGoodRun: null,
    before: [],
    mergedInto: null,
    resolvedBy: null,
    resolutionReason: null,
    snoozeUntilMost: "2099-01-01T00:00:00.000Z",
    ...fields,
  };
}

export function delivery(id: string, fields: Partial<DeliveryView> = {}): DeliveryView {
  return {
    notificationId: id,
    incidentId: "i",
    kind: "page",
    channel: "webpush",
    receiver: "Duty Operator",
    title: "FAILED Payments EOD",
    state: "SENT",
    createdAt: "2026-11-11T02:15:00.000Z",
    attempts: 1,
    nextAttemptAt: null,
    sentAt: "2026-11-11T02:15:00.000Z",
    shownAt: null,
    seenAt: null,
    lastError: null,
    ...fields,
  };
}
