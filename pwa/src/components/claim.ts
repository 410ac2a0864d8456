import { isClaim, isPassedOver, type QueuedCommand } from "../offline/queue.ts";

/** What became of the newest thing said here about whose an incident is. The bar, the notes, the button and the key all ask here. */

/** The newest command that says whose it is: an acknowledgement, a take-over, or giving it back. */
export function newestClaim(commands: readonly QueuedCommand[]): QueuedCommand | undefined {
  return commands.findLast(isClaim);
}

function isUnsent({ state }: QueuedCommand): boolean {
  return state === "waiting" || state === "sending";
}

/**
 * An acknowledgement of mine that is on its way, or was answered and is not on the board yet: another would say nothing new.
 * @param version of the incident as it is shown
 */
export function isAcknowledging(commands: readonly QueuedCommand[], version: number): boolean {
  const claim = newestClaim(commands);
  if (claim === undefined || claim.action.type === "unacknowledge") return false;
  // An acknowledgement may be sent where taking over may not.
  if (isUnsent(claim)) return claim.action.type === "acknowledge" || !isPassedOver(claim);
  const { answer } = claim;
  return answer?.outcome === "done" && version < answer.version;
}

/** How the acknowledgements of several incidents stand that were given at one moment. */
export interface Standing<T> {
  /** The server has said so. */
  readonly done: readonly T[];
  readonly unsent: readonly T[];
}

/**
 * What changed nothing, was refused or given back is in neither.
 * @param at when they were tapped, epoch milliseconds of this device
 */
export function standingOf<T extends { readonly incidentId: string }>(
  incidents: readonly T[],
  commands: readonly QueuedCommand[],
  at: number,
): Standing<T> {
  const done: T[] = [];
  const unsent: T[] = [];
  for (const incident of incidents) {
    const claim = newestClaim(
      commands.filter(
        ({ incidentId, madeAt }) => incidentId === incident.incidentId && Date.parse(madeAt) >= at,
      ),
    );
    // Not kept yet, or on its way.
    if (claim === undefined) unsent.push(incident);
    else if (claim.action.type !== "acknowledge") continue;
    else if (isUnsent(claim)) unsent.push(incident);
    else if (claim.answer?.outcome === "done") done.push(incident);
  }
  return { done, unsent };
}
