import type { BoardRow } from "batchwatch/router";
import { useSyncExternalStore } from "react";
import { clock } from "./tick-clock.ts";
import { LiveStore, type LiveState } from "./live-store.ts";

/** The one board of this app; a session fills it. */
export const liveStore: LiveStore = new LiveStore(() => clock.now());

export function useLiveState(): LiveState {
  return useSyncExternalStore(liveStore.subscribe, liveStore.get);
}

/** One row of the board; redraws only when that row changes. */
export function useBoardRow(key: string): BoardRow | undefined {
  return useSyncExternalStore(liveStore.subscribe, () => liveStore.get().board?.rows.get(key));
}
