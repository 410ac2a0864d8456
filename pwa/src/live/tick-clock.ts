import { useSyncExternalStore } from "react";

/** Ticks once a second for every age on the screen, on the server's clock once that is known. */
class TickClock {
  #offsetMs = 0;
  #tickedAt = Date.now();
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #listeners = new Set<() => void>();

  /** Epoch milliseconds, corrected by what the server said. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** How far the server's clock is ahead of this device's, milliseconds. */
  skewMs(): number {
    return this.#offsetMs;
  }

  /** The moment of the last tick: stable between ticks, so that one screen shows one time. */
  ticked(): number {
    return this.#tickedAt;
  }

  /** @param serverTime epoch milliseconds, just received */
  follow(serverTime: number): void {
    if (!Number.isFinite(serverTime)) return;
    this.#offsetMs = serverTime - Date.now();
    this.tick();
  }

  readonly tick = (): void => {
    this.#tickedAt = this.now();
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === null) {
      this.#timer = setInterval(this.tick, 1_000);
      document.addEventListener("visibilitychange", this.tick);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
      document.removeEventListener("visibilitychange", this.tick);
    };
  };
}

export const clock: TickClock = new TickClock();

/** The clock's time, epoch milliseconds, rounded down to `stepMs` so that slow things redraw slowly. */
export function useNow(stepMs = 1): number {
  return useSyncExternalStore(clock.subscribe, () => Math.floor(clock.ticked() / stepMs) * stepMs);
}
