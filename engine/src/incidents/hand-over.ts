import { ALERTING_TIMES } from "./alerting-times.ts";
import { announce } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { firingOf, foremostOf } from "./members.ts";
import { muteOfIncident, policyFor, webhooksOf } from "./receivers.ts";

/**
 * The job that it is its team's for became another team's: it is that one's from now on [INC-22]. Who has it keeps it until its
 * time is over; else the new team's ladder begins within a minute, which leaves time to undo a slip.
 */
export function followOwner(draft: Draft): void {
  const { before } = draft;
  if (before === null) return;
  const owning = firingOf(before).find(({ card }) => card.teamId === before.teamId);
  const owner = draft.incident.members.find(({ alertId }) => alertId === owning?.alertId);
  const teamId = owner?.card.teamId ?? before.teamId;
  if (teamId === before.teamId) return;
  const { now, world } = draft.context;
  const { acknowledgedBy, escalation, untold } = draft.incident;
  const known = new Set(policyFor(world, before).webhooks.map(({ webhookId }) => webhookId));
  const nextAt =
    escalation.nextAt === null ? null : Math.min(escalation.nextAt, now + ALERTING_TIMES.resumeMs);
  draft.set({ teamId, escalation: { step: 0, nextAt } });
  draft.log("reassigned", null, teamId);
  if (acknowledgedBy === null) draft.cancel();
  if (muteOfIncident(world, draft.incident) !== null) return;
  const about = foremostOf(draft.incident);
  if (untold !== null && acknowledgedBy === null) {
    announce(draft, about, 0);
    return;
  }
  const hooks = webhooksOf(policyFor(world, draft.incident));
  const fresh = hooks.filter(({ targetId }) => !known.has(targetId));
  draft.tell(fresh, acknowledgedBy === null ? "page" : "update", { type: "news", about });
}
