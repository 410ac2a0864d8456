import type { UntoldReason } from "../model/alert.ts";
import { ALERTING_TIMES } from "./alerting-times.ts";
import { noticeTeams } from "./notice.ts";
import { bedUntil, release } from "./acknowledgement.ts";
import { announce, notTold } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { stepOfPerson, stepOnwards } from "./ladder.ts";
import { asTold, foremostOf, namedOf, newestOf } from "./members.ts";
import { muteOf, policyFor } from "./receivers.ts";
import { isCuredBy, isFailedAttempt, recoveryOf } from "./recovery.ts";
import { highest, isHigher, severityOf } from "./severity.ts";
import { clearSnooze } from "./snooze.ts";
import type { Newcomer } from "./take-alerts.ts";

/** What of it is to be told, and to whom: after all alerts of a step are in their places. `rose`: by what it took in. */
export function judge(draft: Draft, newcomers: readonly Newcomer[], rose: boolean): void {
  const { world } = draft.context;
  const audible = newcomers.filter(({ member }) => muteOf(world, member.card) === null);
  const rises = raiseSeverity(draft, audible, newcomers) || rose;
  const before = draft.before?.members ?? [];
  const failed = audible.filter(({ member }) => isFailedAttempt(before, member));
  followRecovery(draft, failed.length > 0);
  const told = tellOf(draft, audible, failed, rises);
  for (const newcomer of newcomers) {
    if (newcomer.isKnown && told === "as-before") continue;
    const mute = muteOf(world, newcomer.member.card);
    keepReason(draft, newcomer, mute ?? (told === "as-before" ? reasonOf(draft, newcomer) : told));
  }
  noticeTeams(
    draft,
    newcomers.map(({ member }) => member),
  );
}

/** It never falls: a page that is owed stays owed. What may not be told raises nothing that was told. */
function raiseSeverity(
  draft: Draft,
  audible: readonly Newcomer[],
  newcomers: readonly Newcomer[],
): boolean {
  const counting = audible.length > 0 || draft.incident.untold === null ? audible : newcomers;
  const { severity } = draft.incident;
  const most = highest(counting.map(({ member }) => severityOf(member.rule, member.card.tier)));
  if (!isHigher(most, severity)) return false;
  draft.set({ severity: most });
  draft.log("severity-changed", null, most);
  const [risen] = counting.filter(
    ({ member, consequence }) => !consequence && severityOf(member.rule, member.card.tier) === most,
  );
  // Of a shared cause no job is the one that the others wait for: it is the team's whose job is the most severe.
  if (risen !== undefined && draft.incident.causeKind === "SHARED_SOURCE") {
    becomeOf(draft, risen.member.card.teamId);
  }
  return true;
}

/** In whose order the steps were counted was the former team's. */
function becomeOf(draft: Draft, teamId: string): void {
  const { incident } = draft;
  if (incident.teamId === teamId) return;
  draft.set({ teamId, escalation: { step: 0, nextAt: incident.escalation.nextAt } });
}

/** Returns why nobody was told, null when somebody was, or that nothing had to be told again. */
function tellOf(
  draft: Draft,
  audible: readonly Newcomer[],
  failed: readonly Newcomer[],
  rises: boolean,
): UntoldReason | null | "as-before" {
  const { incident, before } = draft;
  if (audible.length === 0 && !rises) {
    if (before !== null) return "as-before";
    return notTold(draft, muteOf(draft.context.world, namedOf(incident).card) ?? "nobody-to-tell");
  }
  const isFirst = before === null || (incident.untold !== null && incident.acknowledgedBy === null);
  if (!isFirst && !rises && failed.length === 0) return "as-before";
  takeTeam(draft, audible);
  const holder = incident.acknowledgedBy;
  if (failed.length > 0) draft.log("attempt-failed", null, `${attemptOf(failed)}`);
  else if (holder !== null) draft.log("acknowledgement-over", null, holder.name);
  release(draft);
  // It is worse than what was snoozed.
  if (draft.incident.snoozedBy !== null && (rises || failed.length > 0)) clearSnooze(draft);
  const { people } = policyFor(draft.context.world, draft.incident);
  const from =
    holder !== null
      ? stepOfPerson(people, holder.userId)
      : failed.length > 0
        ? stepOnwards(people, incident.escalation.step)
        : 0;
  return announce(draft, aboutOf(draft, failed, rises ? audible : []), from);
}

/** What it is named after may not be told (another environment, a source that is only watched): it is for those whose alert may. */
function takeTeam(draft: Draft, audible: readonly Newcomer[]): void {
  const [first] = audible;
  const wasTold = draft.before !== null && draft.incident.untold === null;
  if (first === undefined || wasTold) return;
  if (muteOf(draft.context.world, namedOf(draft.incident).card) === null) return;
  becomeOf(draft, first.member.card.teamId);
}

function attemptOf(failed: readonly Newcomer[]): number {
  return Math.max(...failed.map(({ member }) => member.card.attempt));
}

function aboutOf(draft: Draft, failed: readonly Newcomer[], risen: readonly Newcomer[]) {
  const { severity } = draft.incident;
  const why = risen.find(({ member }) => severityOf(member.rule, member.card.tier) === severity);
  return newestOf(failed.map(({ member }) => member)) ?? why?.member ?? foremostOf(draft.incident);
}

/** A new attempt holds the ladder for a while; one that vanishes lets it go on, one that cured it when the rest does not follow. */
function followRecovery(draft: Draft, failed: boolean): void {
  const { now } = draft.context;
  const { incident } = draft;
  const recovering = recoveryOf(incident);
  const { recovering: earlier, escalation, backToBed } = incident;
  draft.set({ recovering });
  if (recovering !== null && recovering.executionId !== earlier?.executionId) {
    draft.log("recovering", null, String(recovering.attempt));
    const nextAt =
      escalation.nextAt === null
        ? null
        : Math.max(escalation.nextAt, now + ALERTING_TIMES.recoveryPatienceMs);
    draft.set({ escalation: { ...escalation, nextAt } });
    if (backToBed) draft.set({ ackUntil: bedUntil(draft) });
  }
  if (recovering !== null || earlier === null || failed) return;
  const isCured = isCuredBy(incident, earlier);
  if (!isCured) draft.log("reopened", null);
  const goesOn = backToBed || incident.acknowledgedBy === null;
  if (backToBed) release(draft);
  if (!goesOn || (escalation.nextAt === null && !backToBed)) return;
  const resumeAt = now + (isCured ? ALERTING_TIMES.followersMs : ALERTING_TIMES.resumeMs);
  const nextAt = Math.min(escalation.nextAt ?? resumeAt, resumeAt);
  draft.set({ escalation: { ...escalation, nextAt } });
}

function reasonOf(draft: Draft, { consequence }: Newcomer): UntoldReason {
  return draft.incident.untold ?? (consequence ? "consequence" : "same-incident");
}

function keepReason(draft: Draft, { member }: Newcomer, reason: UntoldReason | null): void {
  const { alertId } = member;
  const kept = { ...asTold(member), ...(reason === null ? {} : { reason }) };
  draft.set({
    members: draft.incident.members.map((one) => (one.alertId === alertId ? kept : one)),
  });
  draft.handleMember(kept);
}
