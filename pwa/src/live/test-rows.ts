import type { Dashboard, IncidentRow, RunRow, TrendRow } from "batchwatch/router";

/** Rows and snapshots for tests; each field can be set. */
export function runRow(id: string, fields: Partial<RunRow> = {}): RunRow {
  return {
    kind: "run",
    key: `run:${id}`,
    executionId: id,
    jobId: `job-${id}`,
    jobName: `Job ${id}`,
    namespace: "bank",
    teamId: "lending",
    tier: 2,
    runKey: id,
    state: "running",
    attempt: 1,
    businessDate: null,
    nominalAt: null,
    startedAt: "2026-11-11T02:00:00.000Z",
    endedAt: null,
    durationMs: null,
    lastFactAt: "2026-11-11T02:00:00.000Z",
    stage: null,
    stageCount: 0,
    progress: null,
    rowsWritten: null,
    message: null,
    clearedBy: null,
    usualDurationMs: null,
    occurrence: false,
    evidence: [],
    ...fields,
  };
}

export function trendRow(id: string, fields: Partial<TrendRow> = {}): TrendRow {
  return {
    kind: "trend",
    key: `trend:${id}`,
    jobId: id,
    jobName: "GL extract",
    teamId: "lending",
    direction: "DEGRADING",
    recentMedianMs: 2_520_000,
    previousMedianMs: 2_280_000,
    changeRatio: 0.09,
    successfulRuns: 16,
    ...fields,
  };
}

export function incidentRow(id: string, fields: Partial<IncidentRow> = {}): IncidentRow {
  return {
    kind: "incident",
    key: `incident:${id}`,
    incidentId: id,
    version: 1,
    teamId: "lending",
    state: "OPEN",
    severity: "HIGH",
    causeKind: "FAILED",
    jobId: `job-${id}`,
    jobName: `Job ${id}`,
    namespace: "bank",
    tier: 2,
    executionId: `run-${id}`,
    businessDate: null,
    stage: null,
    message: null,
    evidence: [],
    since: "2026-11-11T02:14:00.000Z",
    openedAt: "2026-11-11T02:14:00.000Z",
    resolvedAt: null,
    resolution: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackUntil: null,
    snoozedUntil: null,
    backToBed: false,
    recovering: null,
    jobs: 1,
    next: null,
    untold: null,
    ...fields,
  };
}

export function dashboard(fields: Partial<Dashboard> = {}): Dashboard {
  return {
    activeJobs: [],
    recentCompletions: [],
    alerts: [],
    incidents: [],
    trends: [],
    performanceMetrics: {
      activeCount: 0,
      succeededLastHour: 0,
      failedLastHour: 0,
      successRate: null,
      medianDurationMs: null,
      rowsWrittenLastHour: 0,
    },
    systemHealth: { status: "UP", components: [] },
    timestamp: "2026-11-11T02:14:08.000Z",
    epoch: "e1",
    seq: 10,
    truncated: 0,
    ...fields,
  };
}
