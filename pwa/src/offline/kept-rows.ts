import type { BoardRow } from "batchwatch/router";
import type { BoardState } from "../live/board-state.ts";

/**
 * The board with at most so many rows: incidents first, then what is under way, then what ended last, then trends.
 * Rows left out are counted as the server's own are.
 */
export function withFewerRows(board: BoardState, most: number): BoardState {
  if (board.rows.size <= most) return board;
  const ordered = [...board.rows.values()].sort((a, b) => compare(rank(a), rank(b)));
  const rows = new Map(ordered.slice(0, most).map((row) => [row.key, row]));
  return { ...board, rows, truncated: board.truncated + board.rows.size - rows.size };
}

/** Lower comes first; times count backwards. */
function rank(row: BoardRow): readonly [number, number] {
  if (row.kind === "incident") return [0, -Date.parse(row.since)];
  if (row.kind === "trend") return [3, 0];
  if (row.endedAt === null) return [1, -Date.parse(row.lastFactAt)];
  return [2, -Date.parse(row.endedAt)];
}

function compare(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1];
}
