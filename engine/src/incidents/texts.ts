import type { AlertCard, RuleName } from "../model/alert.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Incident, IncidentMember } from "../model/incident.ts";
import type { NotificationCard } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import { ClockWords, durationWords } from "./clock-words.ts";
import { firingOf, jobsIn, namedOf } from "./members.ts";
import { beginning, fitting, middle } from "./short-text.ts";
import type { Wording } from "./wording.ts";

/** Longest parts of a notification, characters (ux.md, Notifications). */
export const TEXT_LENGTHS = {
  title: 60,
  body: 120,
  name: 28,
  reason: 44,
  person: 18,
} as const;

export type Words = Pick<NotificationCard, "title" | "body">;

/** What the texts of one notification are made of. */
export interface TextContext {
  readonly now: number;
  readonly zone: string;
  readonly world: AlertingWorld;
  /** Who is paged after the receiver; null: nobody. */
  readonly nextPerson: string | null;
}

const HEADS: Readonly<Record<RuleName, string>> = {
  failed: "FAILED",
  missed: "NOT STARTED",
  stalled: "STALLED",
  "source-silent": "NO DATA FROM",
};
const VERBS: Readonly<Record<RuleName, string>> = {
  failed: "Failed",
  missed: "Due",
  stalled: "Stalled",
  "source-silent": "Silent",
};

/** Title and body of a notification. What is not known is left out. */
export function wordsOf(incident: Incident, wording: Wording, context: TextContext): Words {
  const clock = new ClockWords(context.now, context.zone);
  const name = middle(nameOf(incident, wording.about, context.world), TEXT_LENGTHS.name);
  const { title, body } = written(incident, wording, name, clock, context);
  return {
    title: beginning(title, TEXT_LENGTHS.title),
    body: fitting(body, TEXT_LENGTHS.body),
  };
}

/** The job, or the source where the cause is one. */
export function nameOf(incident: Incident, about: IncidentMember, world: AlertingWorld): string {
  if (!isAboutSource(incident)) return about.card.jobName;
  return world.sourceOf(namedOf(incident).card.sourceId)?.name ?? about.card.jobName;
}

export function isAboutSource({ causeKind }: Pick<Incident, "causeKind">): boolean {
  return causeKind === "SHARED_SOURCE" || causeKind === "SOURCE_SILENT";
}

interface Draft {
  readonly title: string;
  readonly body: readonly (string | null)[];
}

function written(
  incident: Incident,
  wording: Wording,
  name: string,
  clock: ClockWords,
  context: TextContext,
): Draft {
  switch (wording.type) {
    case "news":
      return newsOf(incident, wording.about, name, clock);
    case "escalated":
      return {
        title: `ESCALATED TO YOU ${name}`,
        body: [whyYou(wording), sinceOf(wording.about, clock), reasonOf(wording.about.card)],
      };
    case "affected":
      return {
        title: `AFFECTED ${name}`,
        body: [
          `Cause: ${HEADS[wording.cause.rule]} ${middle(wording.cause.card.jobName, TEXT_LENGTHS.name)}.`,
          holderOf(incident),
          wording.about.rule === "missed" ? "Nothing to do yet." : "You are not paged for it.",
        ],
      };
    case "taken": {
      const person = middle(wording.by.name, TEXT_LENGTHS.person);
      const does = wording.isClosed ? "closed it" : "has it";
      return {
        title: `${wording.isClosed ? "CLOSED" : "TAKEN"} ${name}`,
        body: [`${person} ${does}, ${clock.at(context.now)}.`, "You need do nothing."],
      };
    }
    case "reminder":
      return {
        title: `STILL YOURS? ${name}`,
        body: reminderOf(incident, clock, context),
      };
    case "ended":
      return endedOf(incident, wording, name, clock);
    default:
      return wording satisfies never;
  }
}

function newsOf(incident: Incident, about: IncidentMember, name: string, clock: ClockWords): Draft {
  if (incident.causeKind === "SHARED_SOURCE") {
    const named = namedOf(incident);
    const since = `Since ${clock.at(named.since)}.`;
    // The words of another team's job are not for this one.
    const { card } = named.card.teamId === incident.teamId ? named : about;
    return {
      title: `${jobsIn(incident)} JOBS, ONE CAUSE ${name}`,
      body: [since, countsOf(incident), reasonOf(card)],
    };
  }
  const more = othersIn(incident, about);
  const others = more > 0 ? `${more} more ${more === 1 ? "job" : "jobs"} with it.` : null;
  const title = `${HEADS[about.rule]} ${name}`;
  return { title, body: [...factsOf(about, clock), others] };
}

/** Other jobs in which something is wrong now: what is over counts no more. */
function othersIn(incident: Incident, about: IncidentMember): number {
  const members = [about, ...firingOf(incident)];
  const memberCount = members.length + incident.memberCount - incident.members.length;
  return jobsIn({ members, memberCount }) - 1;
}

function factsOf({ rule, since, card }: IncidentMember, clock: ClockWords): (string | null)[] {
  switch (rule) {
    case "failed":
      return failedFacts(since, card, clock);
    case "missed": {
      const due = evidenceOf(card, "not-started");
      if (due === null) return [`Due ${clock.at(since)}, nothing has begun.`];
      const dueAt = Date.parse(due.expectedAt);
      return [`Due ${clock.at(dueAt)}, grace over ${clock.at(dueAt + due.graceMs)}.`];
    }
    case "stalled":
      return [stillSince(since, card, clock), "Process may be dead."];
    case "source-silent":
      return [
        `Last seen ${clock.at(since)}.`,
        "Its runs are unknown, not failed.",
        "Job teams are not paged.",
      ];
    default:
      return rule satisfies never;
  }
}

function failedFacts(since: number, card: AlertCard, clock: ClockWords): (string | null)[] {
  const at = clock.at(since);
  const attempt = card.attempt > 1 ? `Attempt ${card.attempt}.` : null;
  const stage = card.stage === null ? null : `Stage ${middle(card.stage, TEXT_LENGTHS.name)}.`;
  const reason = reasonOf(card);
  return [reason === null ? `Failed at ${at}.` : `${at} ${reason}`, attempt, stage];
}

function stillSince(since: number, card: AlertCard, clock: ClockWords): string {
  const still = evidenceOf(card, "standing-still");
  if (still === null) return `Stalled since ${clock.at(since)}.`;
  const usual = still.usualGapMs === null ? "" : `, usual gap ${durationWords(still.usualGapMs)}`;
  return `No commit since ${clock.at(Date.parse(still.lastCommitAt))}${usual}.`;
}

function evidenceOf<Code extends Evidence["code"]>(
  { evidence }: AlertCard,
  code: Code,
): Extract<Evidence, { code: Code }> | null {
  const found = evidence.find((one) => one.code === code);
  return (found as Extract<Evidence, { code: Code }> | undefined) ?? null;
}

/** The job's own words as one sentence; null when it said nothing. */
function reasonOf({ message }: AlertCard): string | null {
  const reason = beginning(message ?? "", TEXT_LENGTHS.reason);
  return reason === "" ? null : /[.!?…]$/.test(reason) ? reason : `${reason}.`;
}

function countsOf(incident: Incident): string | null {
  const counts = (["failed", "missed", "stalled"] as const)
    .map((rule) => ({ rule, count: firingOf(incident).filter((one) => one.rule === rule).length }))
    .filter(({ count }) => count > 0)
    .map(({ rule, count }) => `${count} ${rule === "missed" ? "not started" : rule}`);
  return counts.length === 0 || incident.memberCount > incident.members.length
    ? null
    : `${counts.join(", ")}.`;
}

function sinceOf({ rule, since, card }: IncidentMember, clock: ClockWords): string {
  if (rule !== "missed") return `${VERBS[rule]} since ${clock.at(since)}.`;
  // It is missed when its grace is over, and due before that.
  const due = evidenceOf(card, "not-started");
  return `Due ${clock.at(due === null ? since : Date.parse(due.expectedAt))}.`;
}

function holderOf({ acknowledgedBy }: Incident): string {
  if (acknowledgedBy === null) return "Its team is told.";
  return `${middle(acknowledgedBy.name, TEXT_LENGTHS.person)} has it.`;
}

function whyYou({ from, waitedMs }: Extract<Wording, { type: "escalated" }>): string {
  const person = middle(from, TEXT_LENGTHS.person);
  return waitedMs === null
    ? `${person} asks for you.`
    : `${person} has not answered for ${durationWords(waitedMs)}.`;
}

function reminderOf(
  { acknowledgedAt, recovering }: Incident,
  clock: ClockWords,
  { nextPerson }: TextContext,
): (string | null)[] {
  const restart =
    recovering === null
      ? "no restart seen"
      : `attempt ${recovering.attempt} since ${clock.at(recovering.startedAt)}`;
  const since =
    acknowledgedAt === null ? "Acknowledged" : `Acknowledged ${clock.at(acknowledgedAt)}`;
  const otherwise =
    nextPerson === null
      ? "you are paged again"
      : `${middle(nextPerson, TEXT_LENGTHS.person)} is paged`;
  return [`${since}, ${restart}.`, `Answer within 10 min or ${otherwise}.`];
}

function endedOf(
  incident: Incident,
  { how, at, attempt, about }: Extract<Wording, { type: "ended" }>,
  name: string,
  clock: ClockWords,
): Draft {
  const nothing = "Nothing left to do.";
  if (how === "retracted") {
    return {
      title: `RETRACTED ${name}`,
      body: [`Later facts say that it never was so: ${HEADS[about.rule]}.`, nothing],
    };
  }
  if (how === "retired") {
    return {
      title: `RETIRED ${name}`,
      body: [`Nothing is expected of it since ${clock.at(at)}.`, nothing],
    };
  }
  const title = `RECOVERED ${name}`;
  if (incident.causeKind === "SOURCE_SILENT") {
    return { title, body: [`Data again since ${clock.at(at)}.`, nothing] };
  }
  if (attempt !== null) {
    return { title, body: [`Attempt ${attempt} completed ${clock.at(at)}.`, nothing] };
  }
  // It may have ended without a word in between: no more is known than that it said something.
  const isHeard = jobsIn(incident) === 1 && (about.rule === "missed" || about.rule === "stalled");
  const done = isHeard ? `Sign of life at ${clock.at(at)}.` : `Over at ${clock.at(at)}.`;
  return { title, body: [done, nothing] };
}
