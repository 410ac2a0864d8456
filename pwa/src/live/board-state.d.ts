import type {
  BoardRow,
  Dashboard,
  LiveItem,
  PerformanceMetrics,
  SystemHealth,
} from "batchwatch/router";
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
export declare function boardOf(snapshot: Dashboard): BoardState;
/** True when the item says, by itself or by its epoch, that the board must be fetched again. */
export declare function needsSnapshot(board: BoardState, incoming: IncomingItem): boolean;
/**
 * Applies items in order with one copy of the rows. Changes at or below the known position are
 * repeats and ignored; heartbeats repeat the last position and always count. Items that
 * {@link needsSnapshot} change nothing.
 */
export declare function applyItems(board: BoardState, items: readonly IncomingItem[]): BoardState;
//# sourceMappingURL=board-state.d.ts.map
