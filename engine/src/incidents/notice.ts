import type { IncidentMember } from "../model/incident.ts";
import type { Draft } from "./draft.ts";
import { canBeWoken } from "./ladder.ts";
import { namedOf } from "./members.ts";
import { devicesOf, isMute, muteOf, type Receiver, webhooksOf } from "./receivers.ts";
import { severityOf, wakes } from "./severity.ts";

/**
 * Another team's job joined: that team is told once, and not woken, whose incident it is in [INC-23]. Its first person, where it
 * would have been a page of its own, and its own webhooks.
 */
export function noticeTeams(draft: Draft, joined: readonly IncidentMember[]): void {
  const { context, before, incident } = draft;
  if (incident.causeKind === "SOURCE_SILENT") return;
  const heard = before?.members.filter(({ reason }) => !isMute(reason)) ?? [];
  const known = new Set(heard.map(({ card }) => card.teamId)).add(incident.teamId);
  const ownHooks = webhooksOf(context.world.policyOf(incident.teamId));
  const told = new Set(ownHooks.map(({ targetId }) => targetId));
  for (const about of joined) {
    const { teamId, tier } = about.card;
    if (known.has(teamId) || muteOf(context.world, about.card) !== null) continue;
    known.add(teamId);
    const policy = context.world.policyOf(teamId);
    const first = policy.people.find(canBeWoken);
    const persons: readonly Receiver[] =
      first !== undefined && wakes(severityOf(about.rule, tier)) ? devicesOf(first) : [];
    const hooks = webhooksOf(policy).filter(({ targetId }) => !told.has(targetId));
    const cause = namedOf(incident);
    draft.tell([...hooks, ...persons], "update", { type: "affected", about, cause });
  }
}
