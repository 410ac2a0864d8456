import { useSyncExternalStore } from "react";
import { sendCommand } from "../offline/commands.ts";

/** What was acknowledged on this device a moment ago, so that it can be undone for a while. */
export interface RecentAck {
  readonly incidents: readonly AckTarget[];
  /** Epoch milliseconds of this device. */
  readonly at: number;
  /** Not even kept on this device: it has to be done again. */
  readonly failed: boolean;
}

export interface AckTarget {
  readonly incidentId: string;
  readonly name: string;
}

/** How long an acknowledgement can be undone with one tap, ms. */
export const UNDO_MS = 10_000;
/** A second tap of a double tap is no wish to undo, ms. */
export const DOUBLE_TAP_MS = 500;

let recent: RecentAck | null = null;
const listeners = new Set<() => void>();

export function useRecentAck(): RecentAck | null {
  return useSyncExternalStore(subscribe, () => recent);
}

/** Acknowledges each of them, and offers to undo it. */
export async function acknowledge(incidents: readonly AckTarget[]): Promise<void> {
  if (incidents.length === 0) return;
  const ack: RecentAck = { incidents, at: Date.now(), failed: false };
  remember(ack);
  const results = await Promise.allSettled(
    incidents.map(({ incidentId }) => sendCommand(incidentId, { type: "acknowledge" })),
  );
  const lost = incidents.filter((_, at) => results[at]?.status === "rejected");
  if (lost.length > 0) remember({ ...ack, incidents: lost, failed: true });
}

export async function undo(ack: RecentAck): Promise<void> {
  if (Date.now() - ack.at < DOUBLE_TAP_MS) return;
  remember(null);
  const results = await Promise.allSettled(
    ack.incidents.map(({ incidentId }) => sendCommand(incidentId, { type: "unacknowledge" })),
  );
  if (results.some(({ status }) => status === "rejected")) remember({ ...ack, failed: true });
}

export function forget(ack: RecentAck): void {
  if (recent === ack) remember(null);
}

function remember(ack: RecentAck | null): void {
  recent = ack;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
