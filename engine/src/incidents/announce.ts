import type { UntoldReason } from "../model/alert.ts";
import type { IncidentMember } from "../model/incident.ts";
import type { Draft } from "./draft.ts";
import { pauseAfter, rungFrom, type Rung, sparedBy } from "./ladder.ts";
import { ALERTING_TIMES } from "./alerting-times.ts";
import { asTold } from "./members.ts";
import { devicesOf, policyFor, webhooksOf } from "./receivers.ts";
import { wakes } from "./severity.ts";
import type { Wording } from "./wording.ts";

/**
 * Pages the next person from step `from` of the ladder on, and counts the next step from now. Null: nobody can be woken; it
 * is looked again later.
 */
export function pageFrom(
  draft: Draft,
  from: number,
  wordingOf: (rung: Rung) => Wording,
  skipped: readonly string[] = [],
): Rung | null {
  const { now, world } = draft.context;
  const { people } = policyFor(world, draft.incident);
  const spared = new Set([...sparedBy(draft.incident, people), ...skipped]);
  const rung = world.alertsOn ? rungFrom(people, from, spared) : null;
  if (rung === null) {
    const { escalation } = draft.incident;
    draft.set({
      escalation: { ...escalation, step: from, nextAt: now + ALERTING_TIMES.recheckMs },
    });
    return null;
  }
  // An earlier page that could not be sent yet would wake the same person for the same thing.
  if (draft.before !== null) draft.cancel(rung.person.person.userId);
  draft.tell(devicesOf(rung.person), "page", wordingOf(rung));
  draft.set({
    escalation: {
      step: rung.step + 1,
      nextAt: now + pauseAfter(people, rung.step),
      order: people.map(({ person }) => person.userId),
    },
  });
  return rung;
}

/**
 * Tells of something new: webhooks always, persons where it may wake, from step `from` of the ladder on. Returns why nobody was
 * told; null: somebody was.
 */
export function announce(draft: Draft, about: IncidentMember, from: number): UntoldReason | null {
  const { world } = draft.context;
  const policy = policyFor(world, draft.incident);
  const wording: Wording = { type: "news", about };
  const hooks = draft.tell(webhooksOf(policy), "page", wording);
  const wake = wakes(draft.incident.severity);
  const rung = wake ? pageFrom(draft, from, () => wording) : null;
  if (!wake) draft.set({ escalation: { step: 0, nextAt: null } });
  if (rung !== null) draft.log("paged", null, rung.person.person.name);
  if (hooks > 0 || rung !== null) {
    nowTold(draft);
    return null;
  }
  return notTold(draft, wake ? "nobody-to-tell" : "low-tier");
}

/** Keeps why nobody was told, unless somebody was told of the incident before. */
export function notTold(draft: Draft, reason: UntoldReason): UntoldReason {
  if (draft.before === null || draft.incident.untold !== null) {
    if (draft.incident.untold !== reason) draft.log("nobody-told", null, reason);
    draft.set({ untold: reason });
  }
  return reason;
}

/** Somebody is told: what nobody was told of until now is told with it. */
export function nowTold(draft: Draft): void {
  if (draft.incident.untold === null) return;
  draft.set({ untold: null, members: draft.incident.members.map(asTold) });
  for (const member of draft.incident.members) draft.handleMember(member);
}
