import type { Notification, NotificationCard } from "@batchwatch/engine";

/** A card of tests, as the engine makes them. */
export function testCard(more: Partial<NotificationCard> = {}): NotificationCard {
  return {
    incidentId: "incident-1",
    version: 3,
    kind: "page",
    severity: "CRITICAL",
    title: "FAILED Payments EOD",
    body: "02:14 Settlement file missing.",
    jobId: "job-1",
    jobName: "Payments EOD",
    executionId: "run-1",
    cause: "FAILED",
    message: "Settlement file missing",
    since: "2026-11-11T02:14:00.000Z",
    jobs: 1,
    firstStep: "Ask the settlement desk for the file",
    runbookUrl: "https://wiki.bank.example/payments-eod",
    acknowledgedBy: null,
    nextAt: "2026-11-11T02:19:00.000Z",
    nextPerson: "Second Operator",
    ...more,
  };
}

/** A notification of tests; its kind is its card's. */
export function testNotification(
  more: Partial<Notification> = {},
  card: Partial<NotificationCard> = {},
): Notification {
  const made = testCard(card);
  return {
    notificationId: "notification-1",
    incidentId: made.incidentId,
    kind: made.kind,
    channel: "webpush",
    targetId: "device-1",
    userId: "user-1",
    receiver: "Duty Operator",
    card: made,
    state: "PENDING",
    createdAt: Date.parse("2026-11-11T02:14:05.000Z"),
    attempts: 0,
    nextAttemptAt: null,
    leaseOwner: "test",
    leaseUntil: null,
    sentAt: null,
    shownAt: null,
    seenAt: null,
    lastError: null,
    ...more,
  };
}
