import type { CommandOutcome, Person } from "../model/incident.ts";
import { release, resume } from "./acknowledgement.ts";
import { ALERTING_TIMES, snoozeMostMs } from "./alerting-times.ts";
import { nowTold, pageFrom } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { canBeWoken, hasOther, nextPersonStep } from "./ladder.ts";
import { foremostOf } from "./members.ts";
import { devicesOf, muteOfIncident, policyFor } from "./receivers.ts";
import { wakes } from "./severity.ts";

/** "Not me, not now": the others are paged all the same [INC-12]. One person at a time. */
export function snooze(draft: Draft, by: Person, untilMs: number): CommandOutcome {
  const { now } = draft.context;
  const { acknowledgedBy, snoozedBy, severity } = draft.incident;
  if (acknowledgedBy !== null && acknowledgedBy.userId !== by.userId) return "someone-has-it";
  if (untilMs <= now || untilMs > now + snoozeMostMs(severity)) return "not-snoozable";
  if (snoozedBy !== null && snoozedBy.userId !== by.userId) return "not-snoozable";
  const { people } = policyFor(draft.context.world, draft.incident);
  if (wakes(severity) && !hasOther(people, by.userId)) return "nobody-left";
  draft.set({ snoozedBy: by, snoozedUntil: untilMs });
  draft.cancel(by.userId);
  draft.log("snoozed", by, new Date(untilMs).toISOString());
  if (acknowledgedBy === null) return "done";
  release(draft);
  resume(draft, now + ALERTING_TIMES.resumeMs);
  return "done";
}

export function clearSnooze(draft: Draft): void {
  draft.log("snooze-over", null, draft.incident.snoozedBy?.name ?? null);
  draft.set({ snoozedBy: null, snoozedUntil: null });
}

/** The snoozer is paged again, unless somebody has it. Returns whether somebody was paged. */
export function endSnooze(draft: Draft): boolean {
  const { now, world } = draft.context;
  const { snoozedBy, acknowledgedBy, recovering, severity, escalation } = draft.incident;
  clearSnooze(draft);
  if (acknowledgedBy !== null || recovering !== null || !wakes(severity)) return false;
  if (muteOfIncident(world, draft.incident) !== null) return false;
  const snoozer = snoozedBy === null ? null : world.pageableOf(snoozedBy.userId);
  if (snoozer === null || !canBeWoken(snoozer)) return false;
  draft.tell(devicesOf(snoozer), "page", { type: "news", about: foremostOf(draft.incident) });
  nowTold(draft);
  draft.log("paged", null, snoozer.person.name);
  const nextAt = Math.max(escalation.nextAt ?? 0, now + ALERTING_TIMES.resumeMs);
  draft.set({ escalation: { ...escalation, nextAt } });
  return true;
}

/** Pages the next person now, whoever has it [INC-14]. */
export function escalate(draft: Draft, by: Person): CommandOutcome {
  const { world } = draft.context;
  const { acknowledgedBy, escalation } = draft.incident;
  if (muteOfIncident(world, draft.incident) !== null) return "nobody-left";
  const kept = draft.incident;
  const skipped = [by.userId, ...(acknowledgedBy === null ? [] : [acknowledgedBy.userId])];
  const about = foremostOf(draft.incident);
  const rung = pageFrom(
    draft,
    nextPersonStep(escalation.step),
    () => ({ type: "escalated", about, from: by.name, waitedMs: null }),
    skipped,
  );
  if (rung === null) {
    draft.incident = kept;
    return "nobody-left";
  }
  nowTold(draft);
  release(draft);
  if (!wakes(draft.incident.severity)) resume(draft, draft.context.now);
  draft.log("escalated", by, rung.person.person.name);
  return "done";
}
