import { ALERTING_TIMES } from "./alerting-times.ts";
import { release } from "./acknowledgement.ts";
import { announce } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { firingOf, foremostOf } from "./members.ts";
import { muteOfIncident, policyFor, webhooksOf } from "./receivers.ts";
import { wakes } from "./severity.ts";

/**
 * Whose it is follows its jobs [INC-22]. The job that it is its team's for became another team's: who has it keeps it until its time is
 * over, else the new team's ladder begins within a minute, which leaves time to undo a slip. Or all of its team's is over and
 * only another team's fires: that one is paged now, what only waited has time to begin first.
 */
export function followOwner(draft: Draft): void {
  const { before, incident } = draft;
  if (before === null || incident.causeKind === "SOURCE_SILENT") return;
  // Whose it is was just decided, with what it has taken in [INC-7].
  if (incident.teamId !== before.teamId) return;
  const owning = firingOf(before).find(({ card }) => card.teamId === before.teamId);
  const owner = incident.members.find(({ alertId }) => alertId === owning?.alertId);
  if (owner !== undefined && owner.card.teamId !== before.teamId) {
    handOver(draft, owner.card.teamId, ALERTING_TIMES.resumeMs);
    return;
  }
  const about = foremostOf(incident);
  if (firingOf(incident).some(({ card }) => card.teamId === before.teamId)) return;
  if (muteOfIncident(draft.context.world, incident) !== null) return;
  release(draft);
  const { followersMs, resumeMs } = ALERTING_TIMES;
  handOver(draft, about.card.teamId, about.rule === "missed" ? followersMs : resumeMs);
}

function handOver(draft: Draft, teamId: string, pauseMs: number): void {
  const { now, world } = draft.context;
  const { acknowledgedBy, escalation, severity, untold } = draft.incident;
  const former = policyFor(world, draft.incident);
  const known = new Set(former.webhooks.map(({ webhookId }) => webhookId));
  const dueAt = now + pauseMs;
  const nextAt =
    acknowledgedBy !== null || !wakes(severity)
      ? null
      : Math.min(escalation.nextAt ?? dueAt, dueAt);
  draft.set({ teamId, escalation: { step: 0, nextAt } });
  draft.log("reassigned", null, teamId);
  // A webhook that gets this team's as well is still to hear of it.
  if (acknowledgedBy === null) draft.cancelPersons();
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
