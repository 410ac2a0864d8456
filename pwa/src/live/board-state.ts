import type {
  BoardRow,
  Dashboard,
  LiveItem,
  PerformanceMetrics,
  SystemHealth,
} from "batchwatch/router";
import { parseEventId } from "./event-id.ts";

/** The board as this screen knows it: the newest row per key, and the position that is true for. */
export interface BoardState {
  readonly epoch: string;
  readonly seq: number;
  readonly rows: ReadonlyMap<string, BoardRow>;
  readonly performanceMetrics: PerformanceMetrics;
  readonly systemHealth: SystemHealth;
  /** Rows the server left out of the snapshot. */
  readonly truncated: number;
  /** Server's time of the newest item, ISO 8601. */
  readonly at: string;
}

export interface IncomingItem {
  /** `epoch:seq` */
  readonly id: string;
  readonly item: LiveItem;
}

export function boardOf(snapshot: Dashboard): BoardState {
  const rows = new Map<string, BoardRow>();
  const lists: readonly (readonly BoardRow[])[] = [
    snapshot.trends,
    snapshot.recentCompletions,
    snapshot.alerts,
    snapshot.activeJobs,
    snapshot.incidents,
  ];
  for (const list of lists) for (const row of list) rows.set(row.key, row);
  return {
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    rows,
    performanceMetrics: snapshot.performanceMetrics,
    systemHealth: snapshot.systemHealth,
    truncated: snapshot.truncated,
    at: snapshot.timestamp,
  };
}

/** True when the item says, by itself or by its epoch, that the board must be fetched again. */
export function needsSnapshot(board: BoardState, incoming: IncomingItem): boolean {
  return incoming.item.type === "reset" || parseEventId(incoming.id)?.epoch !== board.epoch;
}

/**
 * Applies items in order with one copy of the rows. Changes at or below the known position are
 * repeats and ignored; heartbeats repeat the last position and always count. Items that
 * {@link needsSnapshot} change nothing.
 */
export function applyItems(board: BoardState, items: readonly IncomingItem[]): BoardState {
  let rows: Map<string, BoardRow> | null = null;
  let next = board;
  for (const incoming of items) {
    if (needsSnapshot(board, incoming)) continue;
    const { item } = incoming;
    const seq = parseEventId(incoming.id)?.seq ?? next.seq;
    if (item.type === "heartbeat") {
      const { performanceMetrics, systemHealth, at } = item;
      next = { ...next, performanceMetrics, systemHealth, at };
    } else if (item.type === "changes" && seq > next.seq) {
      rows ??= new Map(board.rows);
      for (const change of item.changes) {
        if (change.kind === "gone") rows.delete(change.key);
        else rows.set(change.key, change);
      }
      next = { ...next, rows, seq, at: item.at };
    }
  }
  return next;
}
