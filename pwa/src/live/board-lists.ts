import type {
  BoardRow,
  Evidence,
  IncidentRow,
  RunRow,
  RunState,
  TrendRow,
} from "batchwatch/router";
import { coverOf } from "./incident-lists.ts";
import { LIMITS } from "./limits.ts";

/** What the Now screen shows, derived from the rows and the clock. */
export interface BoardLists {
  /**
   * Not ended, and not merely planned: what looks wrong first (stalled, late, unknown), then recovering and
   * running; within each by tier, then the longest-running first.
   */
  readonly active: readonly RunRow[];
  /** Ended within the last hour, newest first. */
  readonly recent: readonly RunRow[];
  /**
   * Failed within 24 h and not cleared by a later attempt, stalled, or late, and no incident speaks for it; what went
   * wrong last comes first.
   */
  readonly alerts: readonly RunRow[];
  /** Open, or resolved within the last hour. */
  readonly incidents: readonly IncidentRow[];
  /** Largest change first. */
  readonly trends: readonly TrendRow[];
  readonly counts: BoardCounts;
}

/** How many active rows are in each state; together all of them. */
export interface BoardCounts {
  /** Running and recovering: a process is at work. */
  readonly running: number;
  readonly late: number;
  readonly stalled: number;
  readonly unknown: number;
}

/** Order on the active list. The states that no active row has come last. */
const RANKS: Readonly<Record<RunState, number>> = {
  stalled: 0,
  late: 1,
  unknown: 2,
  recovering: 3,
  running: 4,
  scheduled: 5,
  succeeded: 5,
  failed: 5,
  stopped: 5,
};

export function isActive(row: RunRow): boolean {
  return row.endedAt === null && row.state !== "scheduled";
}

/** Somebody should look. How long a failed run stays is left to the caller. */
export function needsAttention(row: RunRow): boolean {
  if (row.state === "failed") return row.clearedBy === null;
  return row.state === "stalled" || row.state === "late";
}

/** Since when it is in a state that is not simply running, ISO 8601: its end, the deadline that passed, or the last news. */
export function troubleSince(run: Pick<RunRow, "endedAt" | "evidence" | "lastFactAt">): string {
  if (run.endedAt !== null) return run.endedAt;
  for (const evidence of run.evidence) {
    const since = troubleOf(evidence);
    if (since !== null) return since;
  }
  return run.lastFactAt;
}

/** @param now epoch milliseconds, server's clock */
export function listsOf(rows: Iterable<BoardRow>, now: number): BoardLists {
  const active: RunRow[] = [];
  const recent: RunRow[] = [];
  const troubled: RunRow[] = [];
  const trends: TrendRow[] = [];
  const incidents: IncidentRow[] = [];
  for (const row of rows) {
    if (row.kind === "trend") {
      trends.push(row);
      continue;
    }
    if (row.kind === "incident") {
      incidents.push(row);
      continue;
    }
    if (isActive(row)) active.push(row);
    const endedAgoMs = row.endedAt === null ? null : now - Date.parse(row.endedAt);
    if (endedAgoMs !== null && endedAgoMs <= LIMITS.recentMs) recent.push(row);
    if (needsAttention(row) && (endedAgoMs ?? 0) <= LIMITS.failedShownMs) troubled.push(row);
  }
  const since = new Map(troubled.map((row) => [row.key, troubleSince(row)]));
  const isCovered = coverOf(incidents);
  const alerts = troubled.filter((row) => !isCovered(row, since.get(row.key) ?? ""));
  active.sort(byUrgency);
  recent.sort((a, b) => compare(b.endedAt ?? "", a.endedAt ?? "") || compare(a.key, b.key));
  alerts.sort(
    (a, b) =>
      compare(since.get(b.key) ?? "", since.get(a.key) ?? "") ||
      a.tier - b.tier ||
      compare(a.key, b.key),
  );
  trends.sort((a, b) => Math.abs(b.changeRatio ?? 0) - Math.abs(a.changeRatio ?? 0));
  return { active, recent, alerts, incidents, trends, counts: countsOf(active) };
}

function countsOf(active: readonly RunRow[]): BoardCounts {
  const counts = { running: 0, late: 0, stalled: 0, unknown: 0 };
  for (const { state } of active) {
    if (state === "late" || state === "stalled" || state === "unknown") counts[state] += 1;
    else counts.running += 1;
  }
  return counts;
}

/** Null for evidence that puts a run into no other state. */
function troubleOf(evidence: Evidence): string | null {
  switch (evidence.code) {
    case "not-started":
      return later(evidence.expectedAt, evidence.graceMs);
    case "standing-still":
      return later(evidence.lastCommitAt, evidence.limitMs);
    case "silent":
      return evidence.lastFactAt;
    case "blind":
      return evidence.from;
    default:
      return null;
  }
}

function later(at: string, byMs: number): string {
  return new Date(Date.parse(at) + byMs).toISOString();
}

function byUrgency(a: RunRow, b: RunRow): number {
  return (
    RANKS[a.state] - RANKS[b.state] ||
    a.tier - b.tier ||
    compare(startOf(a), startOf(b)) ||
    compare(a.key, b.key)
  );
}

function startOf(row: RunRow): string {
  return row.startedAt ?? row.nominalAt ?? row.lastFactAt;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
