import { firingOf } from "../incidents/members.ts";
import { byAge, type OpenIncidents } from "../incidents/open-incidents.ts";

/**
 * Incidents all of whose firing members are in one with a shared cause as well: the second half of a merge that was cut
 * short. The first half is stored alone, so that no alert is ever without an incident.
 */
export function unfinishedMerges(
  open: OpenIncidents,
): readonly { readonly incidentId: string; readonly into: string }[] {
  const shared = [...open.all].filter(({ causeKind }) => causeKind === "SHARED_SOURCE");
  return shared.sort(byAge).flatMap((target) => {
    const taken = new Set(firingOf(target).map(({ alertId }) => alertId));
    const parts = new Set([...taken].flatMap((alertId) => open.byAlert(alertId)));
    return [...parts]
      .filter(
        (part) =>
          part !== target && (part.causeKind !== "SHARED_SOURCE" || byAge(part, target) > 0),
      )
      .filter((part) => part.memberCount <= part.members.length)
      .filter((part) => firingOf(part).every(({ alertId }) => taken.has(alertId)))
      .map(({ incidentId }) => ({ incidentId, into: target.incidentId }));
  });
}
