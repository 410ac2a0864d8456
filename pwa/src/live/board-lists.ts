import type { BoardRow, RunRow, RunState, TrendRow } from "batchwatch/router";
import { LIMITS } from "./limits.ts";

/** What the Now screen shows, derived from the rows and the clock. */
export interface BoardLists {
  /** Begun or due, and not ended (a planned run is neither); running first, then by tier, then longest-running first. */
  readonly active: readonly RunRow[];
  /** Ended within the last hour, newest first. */
  readonly recent: readonly RunRow[];
  /** Failed within 24 h and not cleared by a later attempt, newest first. */
  readonly alerts: readonly RunRow[];
  /** Largest change first. */
  readonly trends: readonly TrendRow[];
  /** Running, stalled and recovering: a process is believed to be at work. */
  readonly runningCount: number;
}

const AT_WORK: ReadonlySet<RunState> = new Set<RunState>(["running", "stalled", "recovering"]);
const ENDED: ReadonlySet<RunState> = new Set<RunState>(["succeeded", "failed", "stopped"]);

export function isAtWork(state: RunState): boolean {
  return AT_WORK.has(state);
}

export function isEnded(state: RunState): boolean {
  return ENDED.has(state);
}

/** @param now epoch milliseconds, server's clock */
export function listsOf(rows: Iterable<BoardRow>, now: number): BoardLists {
  const active: RunRow[] = [];
  const recent: RunRow[] = [];
  const alerts: RunRow[] = [];
  const trends: TrendRow[] = [];
  let runningCount = 0;
  for (const row of rows) {
    if (row.kind === "trend") {
      trends.push(row);
    } else if (row.state !== "scheduled" && !ENDED.has(row.state)) {
      active.push(row);
      if (AT_WORK.has(row.state)) runningCount += 1;
    } else {
      const agoMs = now - Date.parse(row.endedAt ?? row.lastFactAt);
      if (agoMs <= LIMITS.recentMs) recent.push(row);
      if (row.state === "failed" && row.clearedBy === null && agoMs <= LIMITS.failedShownMs) {
        alerts.push(row);
      }
    }
  }
  active.sort(byUrgency);
  recent.sort(byEnd);
  alerts.sort(byEnd);
  trends.sort((a, b) => Math.abs(b.changeRatio ?? 0) - Math.abs(a.changeRatio ?? 0));
  return { active, recent, alerts, trends, runningCount };
}

function byUrgency(a: RunRow, b: RunRow): number {
  const atWork = Number(AT_WORK.has(b.state)) - Number(AT_WORK.has(a.state));
  if (atWork !== 0) return atWork;
  if (a.tier !== b.tier) return a.tier - b.tier;
  return compare(startOf(a), startOf(b)) || compare(a.key, b.key);
}

function byEnd(a: RunRow, b: RunRow): number {
  return compare(b.endedAt ?? b.lastFactAt, a.endedAt ?? a.lastFactAt) || compare(a.key, b.key);
}

function startOf(row: RunRow): string {
  return row.startedAt ?? row.nominalAt ?? row.lastFactAt;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
