import { RECENT_MS } from "../model/limits.ts";
import type { Scope } from "../model/people.ts";
import { SEVERITIES } from "../model/incident.ts";
import type { IncidentRow, RunRow } from "../model/rows.ts";
import type { Dashboard, PerformanceMetrics, SystemHealth } from "../model/views.ts";
import { median } from "../scoring/median-trend.ts";
import type { Board } from "./board.ts";
import { isActive, needsAttention } from "./shelf-life.ts";

/** The whole board for one reader (S1). `limit` caps the active rows; what was cut is counted. */
export function dashboardOf(
  board: Board,
  scope: Scope,
  systemHealth: SystemHealth,
  now: number,
  limit: number,
): Dashboard {
  const rows = board.currentRows(scope);
  const runs = rows.filter((row): row is RunRow => row.kind === "run");
  const active = runs.filter(isActive).sort(byTierThenStart);
  return {
    activeJobs: active.slice(0, limit),
    recentCompletions: endedRecently(runs, now).sort(byEndDescending).slice(0, limit),
    performanceMetrics: metricsOf(runs, now),
    systemHealth,
    alerts: runs.filter(needsAttention).sort(byTroubleDescending).slice(0, limit),
    incidents: rows
      .filter((row): row is IncidentRow => row.kind === "incident")
      .sort(byUrgency)
      .slice(0, limit),
    trends: board.strongestTrends(scope),
    timestamp: new Date(now).toISOString(),
    epoch: board.epoch,
    seq: board.seq,
    truncated: Math.max(0, active.length - limit),
  };
}

export function metricsOf(runs: readonly RunRow[], now: number): PerformanceMetrics {
  const ended = endedRecently(runs, now);
  const succeeded = ended.filter((row) => row.state === "succeeded");
  const failed = ended.filter((row) => row.state === "failed");
  const judged = succeeded.length + failed.length;
  return {
    activeCount: runs.filter(isActive).length,
    succeededLastHour: succeeded.length,
    failedLastHour: failed.length,
    successRate: judged === 0 ? null : succeeded.length / judged,
    medianDurationMs: median(succeeded.flatMap((row) => row.durationMs ?? [])),
    rowsWrittenLastHour: ended.reduce((sum, row) => sum + (row.rowsWritten ?? 0), 0),
  };
}

function endedRecently(runs: readonly RunRow[], now: number): RunRow[] {
  return runs.filter((row) => row.endedAt !== null && Date.parse(row.endedAt) > now - RECENT_MS);
}

function byTierThenStart(a: RunRow, b: RunRow): number {
  return a.tier - b.tier || compare(a.startedAt ?? "", b.startedAt ?? "") || compare(a.key, b.key);
}

function byEndDescending(a: RunRow, b: RunRow): number {
  return compare(b.endedAt ?? "", a.endedAt ?? "") || compare(a.key, b.key);
}

/** Newest trouble first: when it ended, else when it was last heard of. */
function byTroubleDescending(a: RunRow, b: RunRow): number {
  return compare(b.endedAt ?? b.lastFactAt, a.endedAt ?? a.lastFactAt) || compare(a.key, b.key);
}

/** Open before resolved, nobody's before somebody's, then the most severe, then the oldest. */
function byUrgency(a: IncidentRow, b: IncidentRow): number {
  return (
    Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null) ||
    Number(a.acknowledgedBy !== null) - Number(b.acknowledgedBy !== null) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    compare(a.since, b.since) ||
    compare(a.key, b.key)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
