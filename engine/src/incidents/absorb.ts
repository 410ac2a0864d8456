import type { Incident } from "../model/incident.ts";
import type { Draft } from "./draft.ts";
import { firingOf, foremostOf, withRoom } from "./members.ts";
import { isHigher } from "./severity.ts";
import type { AlertsInput } from "./step-types.ts";

/** The cause is shared: takes the members of the others in, with whoever has one of them, and says so to all who were told. */
export function absorb(draft: Draft, { absorbs, sharedSourceId }: AlertsInput): void {
  if (sharedSourceId === null) return;
  const isNew = draft.incident.causeKind !== "SHARED_SOURCE";
  draft.set({ causeKind: "SHARED_SOURCE", resourceKey: `source:${sharedSourceId}` });
  for (const other of absorbs) takeIn(draft, other);
  if (draft.before === null || (!isNew && absorbs.length === 0)) return;
  const about = foremostOf(draft.incident);
  draft.tell(draft.context.told, "update", { type: "news", about });
}

function takeIn(draft: Draft, other: Incident): void {
  const ids = new Set(draft.incident.members.map(({ alertId }) => alertId));
  for (const member of firingOf(other)) {
    if (ids.has(member.alertId)) continue;
    const room = withRoom(draft.incident.members);
    const { memberCount } = draft.incident;
    draft.set({
      memberCount: memberCount + 1,
      ...(room === null ? {} : { members: [...room, member] }),
    });
    draft.handleMember(member);
  }
  const { incident } = draft;
  if (isHigher(other.severity, incident.severity)) draft.set({ severity: other.severity });
  if (incident.untold !== null && other.untold === null) draft.set({ untold: null });
  if (incident.acknowledgedBy === null && other.acknowledgedBy !== null) {
    const { acknowledgedBy, acknowledgedAt, ackUntil, remindedAt } = other;
    draft.set({
      acknowledgedBy,
      acknowledgedAt,
      // Without a time to it (back to bed) it would hold for ever.
      ackUntil: ackUntil ?? draft.context.now,
      remindedAt,
      escalation: { ...incident.escalation, nextAt: null },
    });
    draft.cancel();
  } else takeLadder(draft, other);
  draft.log("merged", null, other.members[0]?.card.jobName ?? null);
}

/** A page that is owed of the other is owed of both. */
function takeLadder(draft: Draft, other: Incident): void {
  const { escalation, acknowledgedBy } = draft.incident;
  const owed = other.escalation.nextAt;
  if (acknowledgedBy !== null || owed === null) return;
  if (escalation.nextAt === null || owed < escalation.nextAt) {
    draft.set({ escalation: other.escalation });
  }
}
