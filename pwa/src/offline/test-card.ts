import type { NotificationCard } from "batchwatch/router";

/** The card of an incident, for tests. */
export function card(more: Partial<NotificationCard> = {}): NotificationCard {
  return {
    incidentId: "i-1",
    version: 4,
    kind: "page",
    severity: "HIGH",
    title: "FAILED GL extract",
    body: "02:14 Settlement file missing. 3 wait.",
    jobId: "gl-extract",
    jobName: "GL extract",
    executionId: "e-1",
    cause: "FAILED",
    message: "Settlement file missing",
    since: "2026-11-11T02:14:00.000Z",
    jobs: 1,
    firstStep: "Ask the sender for the file.",
    runbookUrl: "https://runbooks.example/gl",
    acknowledgedBy: null,
    nextAt: "2026-11-11T02:19:00.000Z",
    nextPerson: "Duty Lead",
    ...more,
  };
}
