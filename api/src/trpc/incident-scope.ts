import {
  type Incident,
  type IncidentEvent,
  type IncidentListItem,
  incidentShown,
  inScope,
  type Notification,
  type Scope,
  type User,
} from "@batchwatch/engine";

/** The team of the lead, or of any member: who is held up by a cause may see it. */
export function isVisible({ teamId, members }: Incident, scope: Scope): boolean {
  return inScope(scope, teamId) || members.some(({ card }) => inScope(scope, card.teamId));
}

/** The reader's own jobs are only held up by it. */
export function isForeign({ teamId }: Incident, scope: Scope): boolean {
  return !inScope(scope, teamId);
}

/** Without a job's own words where they are another team's, or the scope hides them. */
export function shownTo(
  scope: Scope,
  incident: Incident,
  item: IncidentListItem,
): IncidentListItem {
  const shown = incidentShown(item, scope);
  return isForeign(incident, scope) ? heldUp(incident, shown, scope) : shown;
}

/**
 * Of another team's incident: what it is called, whose it is, how it stands and who has it. The reader's own jobs in it
 * are in its members.
 */
function heldUp(incident: Incident, item: IncidentListItem, scope: Scope): IncidentListItem {
  const own = incident.members.flatMap(({ card }) => (inScope(scope, card.teamId) ? [card] : []));
  const { acknowledgedBy, jobIds: _others, ...row } = item;
  const name = acknowledgedBy === null ? null : { userId: "", name: acknowledgedBy.name };
  return {
    ...row,
    jobId: null,
    namespace: "",
    tier: Math.min(...own.map(({ tier }) => tier)),
    executionId: null,
    businessDate: null,
    stage: null,
    message: null,
    evidence: [],
    recovering: null,
    acknowledgedBy: name,
    ackUntil: null,
    snoozedUntil: null,
    next: null,
    untold: null,
    jobIds: own.flatMap(({ jobId }) => jobId ?? []),
  };
}

/** Steps of another team's incident that its readers may follow; the rest is that team's. */
const FOLLOWED: ReadonlySet<IncidentEvent["kind"]> = new Set([
  "opened",
  "acknowledged",
  "recovering",
  "resolved",
]);

/** Of another team's incident, how it goes and what the reader did themselves. */
export function eventsShown(
  scope: Scope,
  user: User,
  incident: Incident,
  events: readonly IncidentEvent[],
): readonly IncidentEvent[] {
  if (!isForeign(incident, scope)) return events;
  return events.flatMap((event) => {
    if (event.by?.userId === user.userId) return [event];
    return FOLLOWED.has(event.kind) ? [{ ...event, by: null, text: null }] : [];
  });
}

/** Of another team's incident, what the reader was sent. */
export function deliveriesShown(
  scope: Scope,
  user: User,
  incident: Incident,
  deliveries: readonly Notification[],
): readonly Notification[] {
  if (!isForeign(incident, scope)) return deliveries;
  return deliveries.filter(({ userId }) => userId === user.userId);
}

/** Seen by who is held up, acted on by those whose it is: nobody ends another team's paging. */
export function foreignIncident(): Error {
  const words = "This incident is another team's: ask who is on call for it.";
  return Object.assign(new Error(words), { code: FOREIGN });
}

export function isForeignIncident(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === FOREIGN;
}

const FOREIGN = "foreign_incident";
