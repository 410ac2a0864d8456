import type { NotificationCard } from "batchwatch/router";

export interface StoredIncident {
  readonly card: NotificationCard;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
}

/** The card that came with a notification and is kept on this device; nothing is kept yet. */
export function useStoredIncident(_incidentId: string): StoredIncident | null {
  return null;
}
