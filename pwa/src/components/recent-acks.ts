import { useSyncExternalStore } from "react";
import { sendCommand } from "../offline/commands.ts";

/** What was acknowledged on this device a moment ago, so that it can be undone for a while. */
export interface RecentAck {
  readonly incidents: readonly AckTarget[];
  /** Epoch milliseconds of this device. */
  readonly at: number;
  /** What could not even be taken in on this device, and has to be done again; null: it was. */
  readonly lost: "acknowledge" | "unacknowledge" | null;
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

/** Incidents whose acknowledgement is being taken in: a second one would say nothing new. */
const beingTaken = new Set<string>();

/** Acknowledges each of them, and offers to undo it. */
export async function acknowledge(targets: readonly AckTarget[]): Promise<void> {
  const incidents = targets.filter(({ incidentId }) => !beingTaken.has(incidentId));
  if (incidents.length === 0) return;
  for (const { incidentId } of incidents) beingTaken.add(incidentId);
  await send({ incidents, at: Date.now(), lost: null }, "acknowledge");
  for (const { incidentId } of incidents) beingTaken.delete(incidentId);
}

/** Takes back what of it may have been done. */
export async function undo(ack: RecentAck, incidents: readonly AckTarget[]): Promise<void> {
  if (Date.now() - ack.at < DOUBLE_TAP_MS) return;
  await send({ ...ack, incidents }, "unacknowledge");
}

async function send(ack: RecentAck, type: "acknowledge" | "unacknowledge"): Promise<void> {
  remember(type === "acknowledge" ? ack : null);
  const results = await Promise.allSettled(
    ack.incidents.map(({ incidentId }) => sendCommand(incidentId, { type })),
  );
  const incidents = ack.incidents.filter((_, at) => results[at]?.status === "rejected");
  if (incidents.length > 0) remember({ ...ack, incidents, lost: type });
}

/** Does what was lost once more. */
export async function again(ack: RecentAck): Promise<void> {
  if (ack.lost === "unacknowledge") await send(ack, ack.lost);
  else await acknowledge(ack.incidents);
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
