import type { CommandOutcome, Person } from "../model/incident.ts";
import { acknowledgementMs, ALERTING_TIMES } from "./alerting-times.ts";
import type { Draft } from "./draft.ts";
import { wakes } from "./severity.ts";

/** "I have it": nothing more is sent until its time is over [INC-10]. */
export function acknowledge(draft: Draft, by: Person): CommandOutcome {
  const { acknowledgedBy, remindedAt } = draft.incident;
  if (acknowledgedBy !== null && acknowledgedBy.userId !== by.userId) return "someone-has-it";
  // Said again without being asked it changes nothing; as the answer to "Still yours?" it does.
  if (acknowledgedBy !== null && remindedAt === null) return "already-yours";
  hold(draft, by);
  draft.log("acknowledged", by);
  return "done";
}

export function takeOver(draft: Draft, by: Person): CommandOutcome {
  const { acknowledgedBy } = draft.incident;
  if (acknowledgedBy === null || acknowledgedBy.userId === by.userId) return acknowledge(draft, by);
  hold(draft, by);
  draft.log("taken-over", by, acknowledgedBy.name);
  return "done";
}

/** Gives it back: the ladder goes on in a minute, which also leaves time to undo that. */
export function unacknowledge(draft: Draft, by: Person): CommandOutcome {
  const { acknowledgedBy } = draft.incident;
  if (acknowledgedBy === null) return "not-acknowledged";
  if (acknowledgedBy.userId !== by.userId) return "someone-has-it";
  release(draft);
  resume(draft, draft.context.now + ALERTING_TIMES.resumeMs);
  draft.log("unacknowledged", by);
  return "done";
}

/** Only the new attempt's failure wakes the one who has it, and the time by which it should be over [INC-13]. */
export function backToBed(draft: Draft, by: Person): CommandOutcome {
  const { acknowledgedBy } = draft.incident;
  if (acknowledgedBy !== null && acknowledgedBy.userId !== by.userId) return "someone-has-it";
  const { backToBed: isInBed, remindedAt } = draft.incident;
  if (isInBed && remindedAt === null) return "already-yours";
  hold(draft, by);
  const until = bedUntil(draft);
  draft.set({ backToBed: true, ackUntil: until });
  draft.log("back-to-bed", by, new Date(until).toISOString());
  return "done";
}

/** When the attempt under way should be over, however silent it or its source is: then it is asked whether it is still theirs. */
export function bedUntil({ incident: { recovering }, context: { now } }: Draft): number {
  const budgetMs = recovering?.budgetMs;
  const until = budgetMs === undefined ? now : (recovering?.startedAt ?? now) + budgetMs;
  return until > now ? Math.min(until, now + ALERTING_TIMES.bedMostMs) : now + ALERTING_TIMES.bedMs;
}

/** Nobody has it any more: the question whether it is still theirs is not asked any more either. */
export function release(draft: Draft): void {
  if (draft.incident.acknowledgedBy !== null) draft.cancel();
  draft.set({
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackUntil: null,
    remindedAt: null,
    backToBed: false,
  });
}

/** The ladder goes on at `at`, where anybody may be woken at all. */
export function resume(draft: Draft, at: number): void {
  const { escalation, severity } = draft.incident;
  draft.set({ escalation: { ...escalation, nextAt: wakes(severity) ? at : null } });
}

function hold(draft: Draft, by: Person): void {
  const { now } = draft.context;
  const { severity, escalation, snoozedBy, snoozedUntil } = draft.incident;
  const isAwake = snoozedBy?.userId === by.userId;
  draft.cancel();
  draft.set({
    acknowledgedBy: by,
    acknowledgedAt: now,
    ackUntil: now + acknowledgementMs(severity),
    remindedAt: null,
    backToBed: false,
    snoozedBy: isAwake ? null : snoozedBy,
    snoozedUntil: isAwake ? null : snoozedUntil,
    escalation: { ...escalation, nextAt: null },
  });
}
