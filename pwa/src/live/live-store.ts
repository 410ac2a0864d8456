import type { Dashboard } from "batchwatch/router";
import { applyItems, type BoardState, boardOf, type IncomingItem } from "./board-state.ts";
import type { ConnectionFacts } from "./connection-status.ts";
import { LIMITS } from "./limits.ts";

export interface LiveState extends ConnectionFacts {
  readonly board: BoardState | null;
  /** The team whose board that is; null: all of the reader's. */
  readonly team: string | null;
}

const EMPTY: LiveState = {
  board: null,
  team: null,
  online: true,
  link: "connecting",
  catchingUp: false,
  polling: false,
  receivedAt: null,
  errorCode: null,
};

/** Holds the board for React. Items are gathered and shown at most every {@link LIMITS.flushIntervalMs}. */
export class LiveStore {
  #state: LiveState = EMPTY;
  #buffer: IncomingItem[] = [];
  #flushedAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  /** @param now epoch milliseconds, the clock that ages are read against */
  constructor(now: () => number) {
    this.#now = now;
  }

  readonly get = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  patch(patch: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...patch };
    for (const listener of this.#listeners) listener();
  }

  snapshot(dashboard: Dashboard, polling: boolean, team: string | null = null): void {
    const board = boardOf(dashboard);
    this.patch({ board, team, receivedAt: this.#now(), errorCode: null, polling });
  }

  push(items: readonly IncomingItem[]): void {
    this.#buffer.push(...items);
    if (this.#timer !== null) return;
    const waitMs = this.#flushedAt + LIMITS.flushIntervalMs - this.#now();
    if (waitMs <= 0 || waitMs > LIMITS.flushIntervalMs) this.flush();
    else this.#timer = setTimeout(() => this.flush(), waitMs);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushedAt = this.#now();
    const items = this.#buffer;
    this.#buffer = [];
    const { board } = this.#state;
    if (board === null || items.length === 0) return;
    const receivedAt = this.#now();
    this.patch({ board: applyItems(board, items), receivedAt, catchingUp: false, polling: false });
  }

  /** Another session begins for the same reader: the board stays, with its team and its age, until that has one. */
  restart(): void {
    this.flush();
    this.patch({ link: "connecting", catchingUp: false, polling: false, errorCode: null });
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#buffer = [];
    this.patch({ ...EMPTY, online: this.#state.online });
  }
}
