import { useSyncExternalStore } from "react";
import { listen } from "./channel.ts";
import { deviceStore } from "./device-store.ts";
import type { StoredIncident } from "./kept.ts";

export type { StoredIncident } from "./kept.ts";

let shown: ReadonlyMap<string, StoredIncident> | null = null;
let reading = 0;
const listeners = new Set<() => void>();

async function read(): Promise<void> {
  reading += 1;
  const mine = reading;
  const cards = (await deviceStore.get("cards")) ?? [];
  if (mine !== reading) return;
  shown = new Map(cards.map((one) => [one.card.incidentId ?? "", one]));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (shown === null && reading === 0) void read();
  return () => listeners.delete(listener);
}

listen((message) => {
  if (message.type === "shown" || message.type === "owner") void read();
});

/**
 * The incident as its newest notification told it, kept on this device and readable without a network.
 * Null while it is being read, or when no notification about it was shown here.
 */
export function useStoredIncident(incidentId: string): StoredIncident | null {
  return useSyncExternalStore(subscribe, () => shown?.get(incidentId) ?? null);
}
