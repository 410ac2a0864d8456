import {
  counterOf,
  decodeSummary,
  DEFAULT_TIER,
  type Dataset,
  type DatasetView,
  isoOf,
  type Job,
  type JobListItem,
  progressOf,
  progressView,
  type RunDetail,
  type RunListItem,
  type RunRow,
  type RunSummary,
  type RunView,
  type StageSummary,
  type StageView,
  type StoredRun,
  type TransitionRow,
} from "@batchwatch/engine";

/** Plain data of the store as the API's answers. Pure. */

export function jobListItem(job: Job): JobListItem {
  return {
    jobId: job.jobId,
    name: job.name,
    namespace: job.namespace,
    businessName: job.businessName,
    teamId: job.ownerTeamId,
    tier: job.tier ?? DEFAULT_TIER,
    environment: job.environment,
    lifecycle: job.lifecycle,
    firstSeenAt: new Date(job.firstSeenAt).toISOString(),
    lastSeenAt: new Date(job.lastSeenAt).toISOString(),
  };
}

export function runListItem(run: StoredRun, payload: boolean): RunListItem {
  return {
    executionId: run.executionId,
    runKey: run.runKey,
    jobId: run.jobId,
    jobName: run.jobName,
    namespace: run.namespace,
    teamId: run.ownerTeamId,
    state: run.state,
    attempt: run.attempt,
    businessDate: run.businessDate,
    nominalAt: isoOf(run.nominalAt),
    startedAt: isoOf(run.startedAt),
    endedAt: isoOf(run.endedAt),
    durationMs: run.durationMs,
    rowsWritten: run.writtenCount,
    message: payload ? run.message : null,
  };
}

export function runView(
  detail: RunDetail,
  foreign: Pick<RunView["dataLineage"], "foreignParent" | "foreignChildren">,
  row: RunRow | null,
  tier: number,
): RunView {
  const { run } = detail;
  const summary = decodeSummary(detail.summary);
  const usualDurationMs = row?.usualDurationMs ?? null;
  const durationMs = run.durationMs;
  const rowsWritten = counterOf(summary, "written");
  return {
    ...runListItem(run, true),
    instanceKey: run.instanceKey,
    businessDateOrigin: run.businessDateOrigin,
    tier,
    host: run.host,
    appVersion: run.appVersion,
    timeQuality: run.timeQuality,
    lastFactAt: new Date(run.lastFactAt).toISOString(),
    clearedBy: row?.clearedBy ?? null,
    evidence: row?.evidence ?? [],
    performance: {
      durationMs,
      usualDurationMs,
      changeRatio:
        durationMs === null || usualDurationMs === null || usualDurationMs === 0
          ? null
          : durationMs / usualDurationMs - 1,
      rowsRead: counterOf(summary, "read"),
      rowsWritten,
      rowsSkipped: counterOf(summary, "skipped"),
      rowsPerSecond: rateOf(rowsWritten, summary),
      metrics: valuesOf(summary.metrics),
    },
    progress: progressView(progressOf(summary)),
    stages: stagesOf(summary),
    errors: errorsOf(summary),
    audit: detail.transitions.map((transition) => auditEntry(transition, detail.sourceName)),
    dataLineage: {
      inputs: datasetsOf(summary.inputs),
      outputs: datasetsOf(summary.outputs),
      parent: detail.parent === null ? null : runListItem(detail.parent, true),
      children: detail.children.map((child) => runListItem(child, true)),
      ...foreign,
    },
    params: valuesOf(summary.params),
  };
}

/** A run often ends with the words its stage failed with: said once, where they come from. */
function errorsOf(summary: RunSummary): RunView["errors"] {
  const ofStages = new Set(
    summary.errors.flatMap((error) => (error.stage === null ? [] : error.message)),
  );
  return summary.errors
    .filter((error) => error.stage !== null || !ofStages.has(error.message))
    .map((error) => ({
      at: new Date(error.at).toISOString(),
      stage: error.stage,
      message: error.message,
      exitCode: error.exitCode,
    }));
}

function auditEntry(transition: TransitionRow, sourceName: string): RunView["audit"][number] {
  return {
    kind: transition.kind,
    stage: transition.stage,
    occurredAt: new Date(transition.occurredAt).toISOString(),
    receivedAt: new Date(transition.receivedAt).toISOString(),
    source: sourceName,
    contract: transition.contract,
  };
}

function rateOf(rows: number | null, summary: RunSummary): number | null {
  if (rows === null || summary.startedAt === null) return null;
  const seconds = ((summary.end?.at ?? summary.lastFactAt) - summary.startedAt) / 1_000;
  return seconds > 0 ? rows / seconds : null;
}

function valuesOf<T>(stamped: ReadonlyMap<string, { value: T }>): Record<string, T> {
  return Object.fromEntries([...stamped].map(([name, { value }]) => [name, value]));
}

function datasetsOf(stamped: ReadonlyMap<string, { value: Dataset }>): DatasetView[] {
  return [...stamped.values()].map(({ value }) => ({
    namespace: value.namespace,
    name: value.name,
    rows: value.rows ?? null,
    bytes: value.bytes ?? null,
    files: value.files ?? null,
  }));
}

function stagesOf(summary: RunSummary): StageView[] {
  return [...summary.stages.values()].sort(byOrder).map((stage) => ({
    name: stage.name,
    index: stage.index,
    state: stage.end?.state ?? "running",
    startedAt: isoOf(stage.startedAt),
    endedAt: isoOf(stage.end?.at ?? null),
    durationMs:
      stage.end === null || stage.startedAt === null ? null : stage.end.at - stage.startedAt,
    progress: progressView(stage.progress?.value ?? null),
    counters: { ...stage.counters?.value },
  }));
}

function byOrder(a: StageSummary, b: StageSummary): number {
  const index = (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER);
  if (index !== 0) return index;
  return (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.name < b.name ? -1 : 1);
}
