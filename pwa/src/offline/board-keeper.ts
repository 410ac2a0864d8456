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
  readonly team: string | undefined;
}

/**
 * Keeps the board on this device while it changes: at most every {@link LIMITS.boardSaveMs}, and when the page is
 * hidden. While only its age changes, only its age is written.
 */
export class BoardKeeper {
  readonly #options: BoardKeeperOptions;
  #savedRows: BoardState["rows"] | null = null;
  #savedAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unsubscribe: () => void = () => {};

  constructor(options: BoardKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.live.subscribe(() => {
      if (this.#options.live.get().receivedAt === this.#savedAt) return;
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

  async save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { store, live, userId, team } = this.#options;
    const { board, receivedAt } = live.get();
    if (board === null || receivedAt === null || receivedAt === this.#savedAt) return;
    this.#savedAt = receivedAt;
    if (board.rows === this.#savedRows) {
      await keepFor(store, userId, "boardConfirmedAt", () => receivedAt);
      return;
    }
    this.#savedRows = board.rows;
    const kept = withFewerRows(board, LIMITS.boardRows);
    const schema = DEVICE_SCHEMA;
    await keepFor(store, userId, "board", () => ({
      schema,
      userId,
      team: team ?? null,
      board: kept,
      receivedAt,
    }));
  }

  readonly #onHidden = (): void => {
    if (document.visibilityState === "hidden") void this.save();
  };

  readonly #onLeave = (): void => void this.save();
}
