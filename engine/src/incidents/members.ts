import type { Alert } from "../model/alert.ts";
import type { Incident, IncidentMember } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";

export function memberOf({
  alertId,
  rule,
  firing,
  since,
  version,
  openings,
  card,
}: Alert): IncidentMember {
  return { alertId, rule, firing, since, version, openings, card };
}

/** As one that somebody was told of. */
export function asTold(member: IncidentMember): IncidentMember {
  const told = { ...member };
  delete told.reason;
  return told;
}

/** The incident and those that it has taken in, by id. */
export function partsOf({
  incidentId,
  parts = [],
}: Pick<Incident, "incidentId" | "parts">): readonly string[] {
  return [incidentId, ...parts];
}

export function firingOf({ members }: Pick<Incident, "members">): readonly IncidentMember[] {
  return members.filter((member) => member.firing);
}

/** Of the same job and instance: attempts at the same thing. */
export function isSameInstance(a: IncidentMember, b: IncidentMember): boolean {
  return (
    a.card.jobId !== null &&
    a.card.jobId === b.card.jobId &&
    a.card.instanceKey === b.card.instanceKey
  );
}

/**
 * What it is about now: the newest attempt that fires of the instance that it is named after, else the first that
 * fires, else what it is named after.
 */
export function foremostOf(incident: Pick<Incident, "members">): IncidentMember {
  const named = namedOf(incident);
  const firing = firingOf(incident);
  const attempts = firing.filter((member) => isSameInstance(member, named));
  return newestOf(attempts) ?? firing[0] ?? named;
}

export function namedOf({ members }: Pick<Incident, "members">): IncidentMember {
  const [named] = members;
  if (named === undefined) throw new Error("An incident has at least one member.");
  return named;
}

/** The one of the latest attempt; of several the last. */
export function newestOf(members: readonly IncidentMember[]): IncidentMember | null {
  return members.reduce<IncidentMember | null>(
    (newest, one) => (newest === null || one.card.attempt >= newest.card.attempt ? one : newest),
    null,
  );
}

/** Jobs in it: those of its members, and one for each that is only counted. */
export function jobsIn({
  members,
  memberCount,
}: Pick<Incident, "members" | "memberCount">): number {
  const jobs = new Set(members.map(({ card, alertId }) => card.jobId ?? alertId));
  return jobs.size + Math.max(0, memberCount - members.length);
}

/**
 * Room for one more: what ended long ago makes place for what fires, except what the incident is named after. Null: it is
 * full of what fires.
 */
export function withRoom(members: readonly IncidentMember[]): readonly IncidentMember[] | null {
  if (members.length < LIMITS.incidentMembers) return members;
  const ended = members.findIndex((member, index) => index > 0 && !member.firing);
  return ended < 0 ? null : members.toSpliced(ended, 1);
}
