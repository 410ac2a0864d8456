import type { QueryClient } from "@tanstack/react-query";
import type { LiveStore } from "../live/live-store.ts";
import type { DeviceStore } from "./device-store.ts";
import { DEVICE_SCHEMA, OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import { KEPT_QUERIES } from "./query-keeper.ts";

export interface RestoreOptions {
  readonly store: DeviceStore;
  readonly queries: QueryClient;
  readonly live: LiveStore;
}

/**
 * Puts what is kept of the last time on the screen, with its age; never over anything newer.
 * @returns for whom, or null when nothing is kept that may be shown
 */
export async function restore(options: RestoreOptions): Promise<string | null> {
  const { store, queries, live } = options;
  const [owner, kept, board, confirmed, views = []] = await Promise.all([
    store.get("owner"),
    store.get("me"),
    store.get("board"),
    store.get("boardConfirmed"),
    store.get("incidents"),
  ]);
  if (owner?.confirmed !== true || kept?.schema !== DEVICE_SCHEMA) return null;
  const { me } = kept;
  if (me.userId !== owner.userId) return null;
  if (queries.getQueryData([KEPT_QUERIES.me]) === undefined) {
    queries.setQueryData([KEPT_QUERIES.me], me, { updatedAt: kept.at });
  }
  for (const { schema, userId, view, at } of views) {
    const key = [KEPT_QUERIES.incident, view.incidentId];
    if (schema !== DEVICE_SCHEMA || userId !== owner.userId) continue;
    if (queries.getQueryData(key) === undefined) queries.setQueryData(key, view, { updatedAt: at });
  }
  if (board?.schema !== DEVICE_SCHEMA || board.userId !== owner.userId) return owner.userId;
  if (live.get().board !== null) return owner.userId;
  // Another page may have confirmed another board.
  const receivedAt = confirmed?.of === board.receivedAt ? confirmed.at : board.receivedAt;
  live.patch({ board: board.board, team: board.team, receivedAt, online: navigator.onLine });
  return owner.userId;
}

/** Resolves with the work or without it: the first paint does not wait longer than {@link LIMITS.restoreMs}. */
export function atMost(work: Promise<unknown>): Promise<void> {
  const timeout = new Promise<void>((resolve) => {
    setTimeout(resolve, LIMITS.restoreMs);
  });
  const done = work.then(
    () => {},
    () => {},
  );
  return Promise.race([done, timeout]);
}
