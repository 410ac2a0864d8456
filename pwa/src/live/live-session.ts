import type { Dashboard } from "batchwatch/router";
import { type IncomingItem, needsSnapshot } from "./board-state.ts";
import { eventIdOf } from "./event-id.ts";
import { LIMITS } from "./limits.ts";
import type { LiveStore } from "./live-store.ts";
import { ReconnectGate } from "./reconnect-gate.ts";

export interface ChangesHandlers {
  onItem(incoming: IncomingItem): void;
  onLink(open: boolean): void;
  /** The server ended the subscription for good, for example because nobody is signed in. */
  onRefused(code: string): void;
  /** The socket's token is taken no more: its time is over, or whose it is may see something else now. Another is fetched by itself. */
  onTokenRefused(): void;
}

export interface ChangesHandle {
  stop(): void;
  /** Tries at once; a socket silent for too long is dropped first. */
  nudge(): void;
}

export interface LiveTransport {
  /** Rejects with an `Error`; {@link errorCode} reads its code. */
  snapshot(team: string | undefined): Promise<Dashboard>;
  open(
    position: { readonly lastEventId: string; readonly team: string | undefined },
    handlers: ChangesHandlers,
  ): ChangesHandle;
  errorCode(error: unknown): string;
}

export interface LiveSessionOptions {
  readonly store: LiveStore;
  readonly transport: LiveTransport;
  readonly team: string | undefined;
  /** Called with the server's time of each snapshot, epoch milliseconds. */
  onServerTime(at: number): void;
  onSignedOut(): void;
  /** Who the reader is, and as what, must be asked again. */
  onTokenRefused(): void;
}

/** One life of the board: snapshot, then changes; polls while there is no socket; stops for good with `stop()`. */
export class LiveSession {
  readonly #options: LiveSessionOptions;
  readonly #retry = new ReconnectGate();
  #changes: ChangesHandle | null = null;
  #held: IncomingItem[] = [];
  #fetching = false;
  #stopped = false;
  #linkLostAt = Date.now();
  #polledAt = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(this.#tick, 1_000);
    window.addEventListener("online", this.#awake);
    window.addEventListener("offline", this.#awake);
    document.addEventListener("visibilitychange", this.#awake);
    this.#options.store.patch({ online: navigator.onLine });
    void this.resync();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    window.removeEventListener("online", this.#awake);
    window.removeEventListener("offline", this.#awake);
    document.removeEventListener("visibilitychange", this.#awake);
    this.#retry.nudge();
    this.#changes?.stop();
    this.#changes = null;
  }

  /** Fetches the board until it succeeds; items that arrive meanwhile are applied after it. */
  async resync(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      let done = false;
      while (!done && !this.#stopped) {
        await this.#retry.wait();
        done = await this.#fetch(false);
      }
    } finally {
      this.#release();
    }
  }

  async #fetch(polling: boolean): Promise<boolean> {
    const { store, transport, team } = this.#options;
    try {
      const dashboard = await transport.snapshot(team);
      if (this.#stopped) return true;
      this.#retry.succeeded();
      this.#options.onServerTime(Date.parse(dashboard.timestamp));
      store.snapshot(dashboard, polling, team ?? null);
      this.#changes ??= transport.open({ lastEventId: eventIdOf(dashboard), team }, this.#handlers);
      return true;
    } catch (error) {
      const code = transport.errorCode(error);
      if (this.#stopped) return true;
      if (code === "UNAUTHORIZED") {
        this.#options.onSignedOut();
        return true;
      }
      store.patch({ errorCode: code, polling: false });
      return false;
    }
  }

  /** Ends a fetch: applies what arrived meanwhile, or fetches again where that was too much to keep. */
  #release(): void {
    this.#fetching = false;
    const held = this.#held;
    this.#held = [];
    if (held.length >= LIMITS.bufferedItems) void this.resync();
    else for (const incoming of held) this.#handlers.onItem(incoming);
  }

  readonly #handlers: ChangesHandlers = {
    onItem: (incoming) => {
      if (this.#stopped) return;
      const { board } = this.#options.store.get();
      if (this.#fetching) {
        const isKept = incoming.item.type !== "reset" && this.#held.length < LIMITS.bufferedItems;
        if (isKept) this.#held.push(incoming);
      } else if (board === null || needsSnapshot(board, incoming)) {
        void this.resync();
      } else {
        this.#options.store.push([incoming]);
      }
    },
    onLink: (open) => {
      if (this.#stopped) return;
      const { link } = this.#options.store.get();
      if (open) {
        this.#options.store.patch({
          link: "open",
          catchingUp: link === "lost",
          errorCode: null,
        });
      } else {
        if (link === "open") this.#linkLostAt = Date.now();
        this.#options.store.patch({ link: link === "open" ? "lost" : link, catchingUp: false });
      }
    },
    onRefused: (code) => {
      if (this.#stopped) return;
      this.#changes?.stop();
      this.#changes = null;
      this.#options.store.patch({ link: "lost", catchingUp: false });
      this.#linkLostAt = 0;
      if (code === "UNAUTHORIZED") this.#options.onSignedOut();
    },
    onTokenRefused: () => {
      if (!this.#stopped) this.#options.onTokenRefused();
    },
  };

  readonly #tick = (): void => {
    const { link } = this.#options.store.get();
    const now = Date.now();
    if (link === "open" || this.#fetching || !navigator.onLine) return;
    if (now - this.#linkLostAt < LIMITS.pollAfterMs) return;
    if (now - this.#polledAt < LIMITS.pollIntervalMs) return;
    this.#polledAt = now;
    if (link === "connecting") this.#options.store.patch({ link: "lost" });
    this.#fetching = true;
    void this.#fetch(true).finally(() => this.#release());
  };

  readonly #awake = (): void => {
    this.#options.store.patch({ online: navigator.onLine });
    if (!navigator.onLine || document.visibilityState !== "visible") return;
    this.#retry.nudge();
    this.#changes?.nudge();
  };
}
