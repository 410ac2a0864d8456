import type { Escalation, IncidentMember, Person } from "../model/incident.ts";
import { release, resume } from "./acknowledgement.ts";
import { ALERTING_TIMES, LADDER_ROUNDS } from "./alerting-times.ts";
import { nowTold, pageFrom } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { followOwner } from "./hand-over.ts";
import { heldUntil, isLadderDue } from "./incident-state.ts";
import { judge } from "./judge-alerts.ts";
import { nextPersonStep, pauseAfter, personAt, type Rung, roundOf } from "./ladder.ts";
import { foremostOf } from "./members.ts";
import { audibleNow, holderOf, muteOfIncident, policyFor } from "./receivers.ts";
import { wakes } from "./severity.ts";
import { clearSnooze, endSnooze } from "./snooze.ts";
import type { Wording } from "./wording.ts";

/**
 * What is due by now, at most one page: whatever was missed while nobody looked, the ladder goes on by one step and
 * counts from it [INC-8].
 */
export function onClock(draft: Draft): void {
  const { now, world } = draft.context;
  const { snoozedUntil } = draft.incident;
  const isSnoozeOver = snoozedUntil !== null && snoozedUntil <= now;
  const audible = audibleNow(draft.incident, world);
  if (audible.length > 0) {
    if (isSnoozeOver) clearSnooze(draft);
    tellAudible(draft, audible);
    return;
  }
  if (isSnoozeOver && endSnooze(draft)) return;
  const { acknowledgedBy, remindedAt } = draft.incident;
  if (acknowledgedBy === null) {
    if (!isLadderDue(draft.incident, now)) return;
    followOwner(draft);
    climb(draft);
    return;
  }
  if (remindedAt !== null) {
    if (remindedAt + ALERTING_TIMES.reminderMs <= now) goOn(draft);
  } else if (heldUntil(draft.incident) <= now) remind(draft);
}

/** The setting that kept it quiet has changed: it is told as if it began now, once [INC-20]. */
function tellAudible(draft: Draft, audible: readonly IncidentMember[]): void {
  draft.log("mute-over", null, draft.incident.untold);
  judge(
    draft,
    audible.map((member) => ({ member, consequence: false, isKnown: false })),
    false,
  );
}

function remind(draft: Draft): void {
  const { now, world } = draft.context;
  const { incident } = draft;
  const holder = holderOf(world, incident);
  const isMute = muteOfIncident(world, incident) !== null;
  const about = foremostOf(incident);
  const asked = isMute ? 0 : draft.tell(holder, "reminder", { type: "reminder", about });
  draft.set({ remindedAt: now });
  if (asked > 0) draft.log("reminded", null, incident.acknowledgedBy?.name ?? null);
}

/** Nobody answered "Still yours?": the next person is paged, the one who had it only where there is no other. */
function goOn(draft: Draft): void {
  const { acknowledgedBy, escalation } = draft.incident;
  const askedAt = draft.incident.remindedAt;
  release(draft);
  draft.log("acknowledgement-over", null, acknowledgedBy?.name ?? null);
  resume(draft, draft.context.now);
  draft.set({
    escalation: { ...draft.incident.escalation, step: nextPersonStep(escalation.step) },
  });
  climb(draft, acknowledgedBy, askedAt);
}

/**
 * One step of the ladder. `after`: who has not answered and should not be the one, if there is another; `askedAt`: when they were
 * asked, epoch ms.
 */
function climb(draft: Draft, after: Person | null = null, askedAt: number | null = null): void {
  const { now, world } = draft.context;
  const { escalation, severity } = draft.incident;
  if (!wakes(severity)) {
    resume(draft, now);
    return;
  }
  if (muteOfIncident(world, draft.incident) !== null) {
    resume(draft, now + ALERTING_TIMES.recheckMs);
    return;
  }
  const silent = after ?? pagedBefore(draft, escalation.step);
  const wording = (rung: Rung) =>
    wordingOf(draft, rung, silent, askedAt ?? pagedAt(draft, escalation));
  const rung =
    (after === null ? null : pageFrom(draft, escalation.step, wording, [after.userId])) ??
    pageFrom(draft, escalation.step, wording);
  if (rung === null) return;
  nowTold(draft);
  sayRound(draft, escalation.step, rung.step);
  const isNext = silent !== null && silent.userId !== rung.person.person.userId;
  draft.log(isNext ? "escalated" : "paged", null, rung.person.person.name);
}

/** The list was gone through once more and nobody has it: that is said. */
function sayRound(draft: Draft, from: number, paged: number): void {
  const { people } = policyFor(draft.context.world, draft.incident);
  const round = roundOf(people, paged);
  if (from === 0 || round === roundOf(people, from - 1)) return;
  draft.log("list-over", null, `${round} of ${LADDER_ROUNDS}`);
}

/** Who was paged with the step before this one; null: nobody, or the rounds are over. */
function pagedBefore(draft: Draft, step: number): Person | null {
  const { people } = policyFor(draft.context.world, draft.incident);
  return personAt(people, step - 1)?.person ?? null;
}

/** When the person of the step before was paged first, as far as nothing held the ladder since. Epoch ms. */
function pagedAt({ context, incident }: Draft, { step, nextAt }: Escalation): number {
  const { people } = policyFor(context.world, incident);
  return (nextAt ?? context.now) - pauseAfter(people, step - 1) - ALERTING_TIMES.secondPushMs;
}

function wordingOf(
  draft: Draft,
  { person: { person } }: Rung,
  silent: Person | null,
  askedAt: number,
): Wording {
  const about = foremostOf(draft.incident);
  if (silent === null || silent.userId === person.userId) return { type: "news", about };
  const waitedMs = draft.context.now - askedAt;
  return { type: "escalated", about, from: silent.name, waitedMs };
}
