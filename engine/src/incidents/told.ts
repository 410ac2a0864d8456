import type { Incident } from "../model/incident.ts";
import type { Promised } from "../ports/incident-stores.ts";
import type { Receiver } from "./receivers.ts";

/** What went out, or may still. */
export function told(promised: readonly Promised[]): readonly Promised[] {
  return promised.filter(({ state }) => state === "SENT" || state === "PENDING");
}

/** Pages that went out, or may just be under way: cancelled or not, while they are leased. */
export function paged(promised: readonly Promised[], now: number): readonly Promised[] {
  return promised.filter(
    ({ kind, state, leaseUntil }) =>
      kind === "page" && (state === "SENT" || (state !== "DEAD" && (leaseUntil ?? 0) > now)),
  );
}

/**
 * Pages of parts that end before they were sent, to whom no part's page went out: they are the incident's to send. Its own are not
 * touched by that.
 */
export function owed(
  promised: readonly Promised[],
  { incidentId }: Pick<Incident, "incidentId">,
): readonly Receiver[] {
  const pages = told(promised).filter(({ kind }) => kind === "page");
  const reached = new Set(
    pages
      .filter((one) => one.state === "SENT" || one.incidentId === incidentId)
      .map((one) => whoOf(one)),
  );
  return pages.filter((one) => !reached.has(whoOf(one))).map(receiverOf);
}

/**
 * Who was told, under the incident itself, and in the place of each page that a part of it has sent: one that waits for signal would
 * wake somebody for what is done [INC-24].
 */
export function inTheirPlaces(
  promised: readonly Promised[],
  { incidentId }: Pick<Incident, "incidentId">,
): readonly Receiver[] {
  return promised.flatMap((one) => {
    const own = receiverOf(one);
    const isOfPart = one.incidentId !== null && one.incidentId !== incidentId;
    const replaces = isOfPart && one.channel === "webpush" && one.kind === "page";
    return replaces ? [own, { ...own, replaces: one.incidentId }] : [own];
  });
}

function whoOf({ userId, targetId }: Promised): string {
  return userId ?? targetId;
}

function receiverOf({ channel, targetId, userId, receiver }: Promised): Receiver {
  return { channel, targetId, userId, receiver };
}
