import type {
  Board,
  BoardChange,
  LiveItem,
  PerformanceMetrics,
  Scope,
  SystemHealth,
} from "@batchwatch/engine";
import { setImmediate } from "node:timers/promises";
import { API_LIMITS } from "../options.ts";

export interface FeedOptions {
  readonly board: Board;
  readonly now: () => number;
  readonly health: (scope: Scope) => SystemHealth;
  readonly metrics: (scope: Scope) => PerformanceMetrics;
  readonly updateIntervalMs: number;
}

/** Changes are gathered this long before they are sent, ms: fewer, larger frames for more clients. */
function tickMs(clients: number): number {
  if (clients <= 100) return 25;
  return clients <= 1_000 ? 100 : 250;
}

/**
 * Tells every reader what changed on the board, in rounds: a round goes up to the position at which it began, for all
 * readers, so that one object and one serialisation serve all who kept up. (Readers that go on to whatever is newest
 * leave one another: at 2,000 of them each change was a frame of its own for each.) A reader is a position and a
 * scope, nothing more: one that is slow is answered in a later round, with the newest state.
 */
export class Feed {
  readonly #options: FeedOptions;
  #waiting: (() => void)[] = [];
  /** Up to which position of the board readers are told. */
  #reached: number;
  /** Something changed that the rounds up to now do not tell. */
  #isDue = false;
  #clients = 0;
  #beat = 0;
  #beatItems = new Map<string, LiveItem>();
  #items = new WeakMap<readonly BoardChange[], LiveItem>();
  /** The next round; null: nothing is due. While one is under way, its own. */
  #tick: NodeJS.Timeout | null = null;
  /** How long the last round took, ms. */
  #roundMs = 0;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#reached = options.board.seq;
    this.#heartbeat = setInterval(() => {
      this.#beat += 1;
      this.#beatItems = new Map();
      this.changed();
    }, options.updateIntervalMs);
  }

  get clients(): number {
    return this.#clients;
  }

  /** The board changed: readers are told in the next round. */
  changed(): void {
    this.#isDue = true;
    this.#tick ??= setTimeout(() => void this.#round(), this.#pauseMs());
  }

  close(): void {
    clearInterval(this.#heartbeat);
    if (this.#tick !== null) clearTimeout(this.#tick);
    for (const resolve of this.#waiting) resolve();
  }

  /** As long as the last round took at least: rounds get half of the time, whatever a machine can do. */
  #pauseMs(): number {
    const worked = Math.min(this.#roundMs, API_LIMITS.livePauseMs);
    return Math.max(tickMs(this.#clients), worked);
  }

  /** In turns: intake and pages do not wait until everybody has been told. */
  async #round(): Promise<void> {
    const beganAt = performance.now();
    this.#isDue = false;
    this.#reached = this.#options.board.seq;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += API_LIMITS.readersPerTurn) {
      for (const resolve of waiting.slice(at, at + API_LIMITS.readersPerTurn)) resolve();
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      await setImmediate();
    }
    this.#roundMs = performance.now() - beganAt;
    this.#tick = null;
    if (this.#isDue) this.changed();
  }

  /** Every item carries the position reached as its id, heartbeats too, or a reconnect would lose its place. */
  async *read(
    scope: Scope,
    lastEventId: string | null,
    signal: AbortSignal,
    ready: () => boolean,
  ): AsyncGenerator<{ id: string; item: LiveItem }> {
    this.#clients += 1;
    try {
      const { board } = this.#options;
      let seq = this.#positionOf(lastEventId);
      let beat = this.#beat;
      while (!signal.aborted) {
        if (!ready()) {
          await this.#woken(signal);
          continue;
        }
        const next = seq === null ? null : board.since(seq, scope, this.#reached);
        if (next === null) {
          seq = board.seq;
          yield this.#identified(seq, { type: "reset", at: this.#at() });
          continue;
        }
        seq = next.seq;
        if (next.changes.length > 0) yield this.#identified(seq, this.#itemOf(next.changes));
        else if (beat !== this.#beat) {
          beat = this.#beat;
          yield this.#identified(seq, this.#beatFor(scope));
        } else if (seq >= this.#reached) await this.#woken(signal);
      }
    } finally {
      this.#clients -= 1;
    }
  }

  #positionOf(lastEventId: string | null): number | null {
    const { board } = this.#options;
    if (lastEventId === null) return board.seq;
    const [epoch, seq] = lastEventId.split(":");
    const position = Number(seq);
    return epoch === board.epoch && Number.isSafeInteger(position) && position >= 0
      ? position
      : null;
  }

  #identified(seq: number, item: LiveItem): { id: string; item: LiveItem } {
    return { id: `${this.#options.board.epoch}:${seq}`, item };
  }

  #itemOf(changes: readonly BoardChange[]): LiveItem {
    let item = this.#items.get(changes);
    if (item === undefined) {
      item = { type: "changes", changes, at: this.#at() };
      this.#items.set(changes, item);
    }
    return item;
  }

  #beatFor(scope: Scope): LiveItem {
    const key = JSON.stringify(scope);
    let item = this.#beatItems.get(key);
    if (item === undefined) {
      item = {
        type: "heartbeat",
        at: this.#at(),
        performanceMetrics: this.#options.metrics(scope),
        systemHealth: this.#options.health(scope),
      };
      this.#beatItems.set(key, item);
    }
    return item;
  }

  #at(): string {
    return new Date(this.#options.now()).toISOString();
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done);
      this.#waiting.push(done);
    });
  }
}
