import type { JobSettingsView, JobView } from "batchwatch/router";

/** What nobody has set anything on, for tests; each field can be set. */
export function jobSettings(fields: Partial<JobSettingsView> = {}): JobSettingsView {
  return {
    ownerTeamId: null,
    tier: null,
    lifecycle: "LIVE",
    monitored: true,
    cadence: null,
    schedule: null,
    clocks: { startGraceMs: null, runBudgetMs: null, minimumDurationMs: null, heartbeatMs: null },
    ...fields,
  };
}

/** A job that nobody has set anything on, for tests; each field can be set. */
export function jobView(fields: Partial<JobView> = {}): JobView {
  return {
    jobId: "j1",
    name: "gl-extract",
    namespace: "core",
    businessName: null,
    teamId: "lending",
    tier: 2,
    environment: "PROD",
    lifecycle: "LIVE",
    firstSeenAt: "2026-10-01T02:00:00.000Z",
    lastSeenAt: "2026-11-11T02:00:00.000Z",
    sourceId: "s1",
    runbookUrl: null,
    firstStep: null,
    trend: null,
    settings: jobSettings(),
    cadence: "DAILY",
    proposal: null,
    nextExpectedAt: null,
    changes: [],
    ...fields,
  };
}
