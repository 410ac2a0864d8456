import type { LiveState } from "./live-store.ts";

/** When the page first showed the board, and where that came from. */
export interface BoardShown {
  /** Milliseconds since the page was asked for. */
  readonly shownMs: number;
  readonly from: "server" | "device";
}

export interface ShownOptions {
  readonly store: {
    get(): Pick<LiveState, "board">;
    subscribe(listener: () => void): () => void;
  };
  /** Whether this load counts: nobody waits for a page in the background, and who has typed was asked for something first. */
  readonly counts: () => boolean;
  /** Calls back when what is known now has been painted. */
  readonly painted: (done: () => void) => void;
  /** Milliseconds since the page was asked for. */
  readonly now: () => number;
}

/** Resolves at the first picture of the board; null: the load does not count. A board that is there already was kept on the device. */
export function boardShown({
  store,
  counts,
  painted,
  now,
}: ShownOptions): Promise<BoardShown | null> {
  const from = store.get().board === null ? "server" : "device";
  return new Promise((resolve) => {
    const look = (): boolean => {
      const isThere = store.get().board !== null;
      if (isThere) painted(() => resolve(counts() ? { shownMs: now(), from } : null));
      return isThere;
    };
    if (look()) return;
    const stop = store.subscribe(() => {
      if (look()) stop();
    });
  });
}

/** This page's own: it counts while it was never hidden and nobody has touched it. */
export function thisPage(): Omit<ShownOptions, "store"> {
  let isDisturbed = document.visibilityState === "hidden";
  const disturbed = (): void => {
    isDisturbed = true;
  };
  for (const event of ["visibilitychange", "pointerdown", "keydown"]) {
    document.addEventListener(event, disturbed, { once: true, capture: true });
  }
  return {
    counts: () => !isDisturbed,
    // The second frame begins after the first was painted.
    painted: (done) => requestAnimationFrame(() => requestAnimationFrame(done)),
    now: () => performance.now(),
  };
}
