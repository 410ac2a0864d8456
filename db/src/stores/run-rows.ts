import type { RunColumns, StoredRun, TransitionRow } from "@batchwatch/engine";
import type { JobRunTable, RunTransitionTable } from "../schema/run-tables.ts";

export function runRowOf(columns: RunColumns, summary: string): JobRunTable {
  return {
    execution_id: columns.executionId,
    job_id: columns.jobId,
    run_key: columns.runKey,
    state: columns.state,
    instance_key: columns.instanceKey,
    attempt: columns.attempt,
    restarted_from: columns.restartedFrom,
    cleared_by: columns.clearedBy,
    business_date: columns.businessDate,
    business_date_origin: columns.businessDateOrigin,
    trigger_kind: columns.triggerKind,
    maintenance_id: null,
    time_quality: columns.timeQuality,
    host: columns.host,
    app_version: columns.appVersion,
    parent_execution_id: columns.parentExecutionId,
    nominal_at: columns.nominalAt,
    started_at: columns.startedAt,
    ended_at: columns.endedAt,
    duration_ms: columns.durationMs,
    last_fact_at: columns.lastFactAt,
    ordered_at: columns.orderedAt,
    read_count: columns.readCount,
    written_count: columns.writtenCount,
    skipped_count: columns.skippedCount,
    message: columns.message,
    summary,
  };
}

/** A run's columns, without its summary, beside what lists show of its job. */
export type ListedRunRow = Omit<JobRunTable, "summary" | "maintenance_id"> & {
  readonly job_name: string;
  readonly job_namespace: string | null;
  readonly owner_team_id: string;
  readonly job_source_id: string;
};

export function storedRunOf(row: ListedRunRow): StoredRun {
  return {
    executionId: row.execution_id,
    jobId: row.job_id,
    runKey: row.run_key ?? "",
    state: row.state,
    instanceKey: row.instance_key ?? "",
    attempt: row.attempt,
    restartedFrom: row.restarted_from,
    clearedBy: row.cleared_by,
    businessDate: row.business_date,
    businessDateOrigin: row.business_date_origin,
    triggerKind: row.trigger_kind,
    timeQuality: row.time_quality,
    host: row.host,
    appVersion: row.app_version,
    parentExecutionId: row.parent_execution_id,
    nominalAt: row.nominal_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    durationMs: row.duration_ms,
    lastFactAt: row.last_fact_at,
    orderedAt: row.ordered_at,
    readCount: row.read_count,
    writtenCount: row.written_count,
    skippedCount: row.skipped_count,
    message: row.message,
    jobName: row.job_name,
    namespace: row.job_namespace ?? "",
    ownerTeamId: row.owner_team_id,
    sourceId: row.job_source_id,
  };
}

export function transitionRowOf(transition: TransitionRow): RunTransitionTable {
  return {
    execution_id: transition.executionId,
    fact_id: transition.factId,
    kind: transition.kind,
    stage: transition.stage,
    occurred_at: transition.occurredAt,
    received_at: transition.receivedAt,
    source_id: transition.sourceId,
    contract: transition.contract,
  };
}

export function transitionOf(row: RunTransitionTable): TransitionRow {
  return {
    executionId: row.execution_id,
    factId: row.fact_id,
    kind: row.kind,
    stage: row.stage,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    sourceId: row.source_id,
    contract: row.contract,
  };
}
