import { FAILED_SHOWN_MS, RECENT_MS } from "../model/limits.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";

/** A run that is still open but of which nothing was heard for this long leaves the board. */
const SILENT_SHOWN_MS = 24 * 3_600_000;

/** A failed run that no later attempt of its instance has cleared, or one that a clock says is late or stalled. */
export function needsAttention(row: RunRow): boolean {
  if (row.state === "failed") return row.clearedBy === null;
  return row.state === "late" || row.state === "stalled";
}

export function isActive(row: RunRow): boolean {
  return row.endedAt === null && row.state !== "scheduled";
}

/** When a row leaves the board, epoch ms; infinite while nothing but a change takes it off. */
export function leavesAt(row: BoardChange): number {
  if (row.kind === "incident") {
    return row.resolvedAt === null
      ? Number.POSITIVE_INFINITY
      : Date.parse(row.resolvedAt) + RECENT_MS;
  }
  if (row.kind !== "run") return Number.POSITIVE_INFINITY;
  if (row.endedAt === null) return Date.parse(row.lastFactAt) + SILENT_SHOWN_MS;
  return Date.parse(row.endedAt) + (needsAttention(row) ? FAILED_SHOWN_MS : RECENT_MS);
}
