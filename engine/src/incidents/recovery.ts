import type { RecoveringAttempt } from "../model/alert.ts";
import type { Incident, IncidentMember } from "../model/incident.ts";
import { firingOf, foremostOf, isSameInstance } from "./members.ts";

/**
 * The later attempt under way at what the incident is about; null: none. An attempt that itself failed or stalled is none,
 * whatever an older alert still says. Where the cause is shared, all that fires must be under way again.
 */
export function recoveryOf(
  incident: Pick<Incident, "members" | "causeKind">,
): RecoveringAttempt | null {
  const firing = firingOf(incident);
  if (firing.length === 0) return null;
  const troubled = new Set(firing.map(({ card }) => card.executionId));
  const attemptsOf = (one: IncidentMember) =>
    firing
      .filter((member) => isSameInstance(member, one) || member === one)
      .flatMap(({ card }) => card.recovering ?? [])
      .filter((attempt) => !troubled.has(attempt.executionId));
  if (
    incident.causeKind === "SHARED_SOURCE" &&
    firing.some((one) => attemptsOf(one).length === 0)
  ) {
    return null;
  }
  const attempts = attemptsOf(foremostOf(incident));
  return attempts.reduce<RecoveringAttempt | null>(
    (newest, one) => (newest === null || one.attempt > newest.attempt ? one : newest),
    null,
  );
}

/** Whether it is a new attempt, at something that is in the incident already, that failed or stalled. */
export function isFailedAttempt(
  before: readonly IncidentMember[],
  newcomer: IncidentMember,
): boolean {
  const { rule, card } = newcomer;
  if (rule !== "failed" && rule !== "stalled") return false;
  const known = before.filter((member) => isSameInstance(member, newcomer));
  return known.length > 0 && known.every((member) => member.card.attempt < card.attempt);
}

/** Whether this attempt ended what it was made for, so that only what waited for that still fires. */
export function isCuredBy(
  { members }: Pick<Incident, "members">,
  { executionId }: RecoveringAttempt,
): boolean {
  const aim = members.filter(({ card }) => card.recovering?.executionId === executionId);
  return aim.length > 0 && aim.every(({ firing, ending }) => !firing && ending === "cleared");
}
