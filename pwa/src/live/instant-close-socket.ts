import { LIMITS } from "./limits.ts";

/**
 * A WebSocket whose `close()` counts at once. A browser waits up to a minute for the closing
 * handshake before it reports `close`; on a network that swallows packets that minute would pass
 * with a dead socket. What the real socket reports afterwards is swallowed.
 */
export class InstantCloseSocket extends WebSocket {
  #reported = false;
  #lastFrameAt = Date.now();
  readonly #openTimer: ReturnType<typeof setTimeout>;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.#openTimer = setTimeout(() => {
      if (this.readyState === WebSocket.CONNECTING) this.close();
    }, LIMITS.openTimeoutMs);
    this.addEventListener("open", () => clearTimeout(this.#openTimer));
    this.addEventListener("message", (event) => {
      if (this.#reported) event.stopImmediatePropagation();
      else this.#lastFrameAt = Date.now();
    });
    this.addEventListener("error", (event) => {
      if (this.#reported && event.isTrusted) event.stopImmediatePropagation();
    });
    this.addEventListener("close", (event) => {
      clearTimeout(this.#openTimer);
      if (this.#reported && event.isTrusted) event.stopImmediatePropagation();
      this.#reported = true;
    });
  }

  /** Epoch milliseconds of the newest frame of any kind, or of the making of this socket. */
  get lastFrameAt(): number {
    return this.#lastFrameAt;
  }

  override close(code?: number, reason?: string): void {
    const wasOpening = this.readyState === WebSocket.CONNECTING;
    super.close(code, reason);
    if (this.#reported) return;
    this.#reported = true;
    queueMicrotask(() => {
      if (wasOpening) this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close", { code: code ?? 1006, wasClean: false }));
    });
  }
}
