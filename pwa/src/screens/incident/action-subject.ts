import type { IncidentListItem, MeView } from "batchwatch/router";
import { formatClock } from "../../components/format.ts";
import { isMine, isOpen } from "../../live/incident-lists.ts";
import type { StoredIncident } from "../../offline/stored-incidents.ts";

/** What the buttons need to know of an incident; all of it may come from a card that is stored on this device. */
export interface ActionSubject {
  readonly incidentId: string;
  readonly name: string;
  readonly version: number;
  readonly isOpen: boolean;
  readonly holder: "nobody" | "me" | "other";
  /** A new attempt is under way. */
  readonly isRecovering: boolean;
  readonly backToBed: boolean;
  readonly next: IncidentListItem["next"];
  readonly resolution: IncidentListItem["resolution"];
  /** Until when a snooze may last, epoch milliseconds; null where it is not known. */
  readonly snoozeUntilMost: number | null;
}

export function subjectOf(
  incident: IncidentListItem,
  snoozeUntilMost: string | null,
  me: Pick<MeView, "userId">,
): ActionSubject {
  const { acknowledgedBy } = incident;
  const mine = isMine(incident, me.userId);
  return {
    incidentId: incident.incidentId,
    name: incident.jobName,
    version: incident.version,
    isOpen: isOpen(incident),
    holder: acknowledgedBy === null ? "nobody" : mine ? "me" : "other",
    isRecovering: incident.state === "RECOVERING",
    backToBed: incident.backToBed,
    next: incident.next,
    resolution: incident.resolution,
    snoozeUntilMost: snoozeUntilMost === null ? null : Date.parse(snoozeUntilMost),
  };
}

/**
 * As a notification left it here. It names people, it does not identify them: who has the same name as the reader is the reader.
 * Without a card nothing is known but that somebody was paged; that is enough to answer.
 */
export function subjectOfStored(
  incidentId: string,
  { card, version, isOver, receivedAt }: StoredIncident,
  me: Pick<MeView, "name">,
  now: number,
): ActionSubject {
  const { acknowledgedBy = null, nextAt = null, nextPerson = null } = card ?? {};
  return {
    incidentId,
    name: card?.jobName ?? `the incident of ${formatClock(Date.parse(receivedAt), now)}`,
    version,
    isOpen: !isOver,
    holder: acknowledgedBy === null ? "nobody" : acknowledgedBy === me.name ? "me" : "other",
    isRecovering: false,
    backToBed: false,
    next: nextAt === null || nextPerson === null ? null : { at: nextAt, who: nextPerson },
    resolution: null,
    snoozeUntilMost: null,
  };
}
