import type { NotificationCard } from "batchwatch/router";
import { useSyncExternalStore } from "react";
import { listen } from "./channel.ts";
import { deviceStore } from "./device-store.ts";
import { isOver, readCard } from "./received-card.ts";

/** What a notification left here of an incident. Its words are the notification's own. */
export interface StoredIncident {
  /** Of the incident as it was then. */
  readonly version: number;
  readonly title: string;
  readonly body: string;
  /** Null: the push carried no details, as to a private phone, or none that can be read. */
  readonly card: NotificationCard | null;
  /** It had ended then. */
  readonly isOver: boolean;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
}

let shown: ReadonlyMap<string, StoredIncident> | null = null;
let reading = 0;
const listeners = new Set<() => void>();

async function read(): Promise<void> {
  reading += 1;
  const mine = reading;
  const cards = (await deviceStore.get("cards").catch(() => [])) ?? [];
  if (mine !== reading) return;
  shown = new Map(
    cards.map(({ incidentId, version, title, body, card: received, receivedAt }) => [
      incidentId,
      { version, title, body, card: readCard(received), isOver: isOver(received), receivedAt },
    ]),
  );
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

const NONE: ReadonlyMap<string, StoredIncident> = new Map();

/** All of them by their ids, newest first. */
export function useStoredIncidents(): ReadonlyMap<string, StoredIncident> {
  return useSyncExternalStore(subscribe, () => shown ?? NONE);
}
