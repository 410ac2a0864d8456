import type { BoardState } from "../live/board-state.ts";
import type { LiveStore } from "../live/live-store.ts";
import type { DeviceStore } from "./device-store.ts";
import { withFewerRows } from "./kept-rows.ts";
import { DEVICE_SCHEMA, OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import { keepFor } from "./owner.ts";

export interface BoardKeeperOptions {
  readonly store: DeviceStore;
  readonly live: LiveStore;
  readonly userId: string;
}

/**
 * Keeps the board on this device while it changes: at most every {@link LIMITS.boardSaveMs}, and when the page is
 * hidden. While only its age changes, only its age is written.
 */
export class BoardKeeper {
  readonly #options: BoardKeeperOptions;
  /** What is on this device for certain: `of` is when its rows were received, `at` when they were last confirmed. */
  #saved: {
    readonly rows: BoardState["rows"];
    readonly team: string | null;
    readonly of: number;
    readonly at: number;
  } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unsubscribe: () => void = () => {};

  constructor(options: BoardKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.live.subscribe(() => {
      if (this.#options.live.get().receivedAt === this.#saved?.at) return;
      this.#timer ??= setTimeout(() => void this.save(), LIMITS.boardSaveMs);
    });
    document.addEventListener("visibilitychange", this.#onHidden);
    window.addEventListener("pagehide", this.#onLeave);
  }

  stop(): void {
    this.#unsubscribe();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    document.removeEventListener("visibilitychange", this.#onHidden);
    window.removeEventListener("pagehide", this.#onLeave);
  }

  /** Never rejects: what this device does not take is tried again with the next change. */
  async save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { board, team, receivedAt } = this.#options.live.get();
    if (board === null || receivedAt === null || receivedAt === this.#saved?.at) return;
    const { rows } = board;
    const saved = this.#saved;
    const of = saved?.rows === rows && saved.team === team ? saved.of : null;
    const writing =
      of === null ? this.#keep(board, team, receivedAt) : this.#confirm(of, receivedAt);
    const isKept = await writing.catch(() => false);
    if (isKept) this.#saved = { rows, team, of: of ?? receivedAt, at: receivedAt };
  }

  #confirm(of: number, at: number): Promise<boolean> {
    const { store, userId } = this.#options;
    return keepFor(store, userId, "boardConfirmed", () => ({ of, at }));
  }

  #keep(board: BoardState, team: string | null, receivedAt: number): Promise<boolean> {
    const { store, userId } = this.#options;
    const kept = withFewerRows(board, LIMITS.boardRows);
    const schema = DEVICE_SCHEMA;
    return keepFor(store, userId, "board", () => ({
      schema,
      userId,
      team,
      board: kept,
      receivedAt,
    }));
  }

  readonly #onHidden = (): void => {
    if (document.visibilityState === "hidden") void this.save();
  };

  readonly #onLeave = (): void => void this.save();
}
