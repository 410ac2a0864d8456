import type { Incident, IncidentMember } from "../model/incident.ts";
import type { NotificationCard, NotificationKind } from "../model/notification.ts";
import { LIMITS } from "../model/limits.ts";
import { foremostOf, jobsIn } from "./members.ts";
import { nextPerson } from "./next-told.ts";
import { beginning, middle } from "./short-text.ts";
import type { StepContext } from "./step-types.ts";
import { isAboutSource, nameOf, TEXT_LENGTHS, wordsOf } from "./texts.ts";
import type { Wording } from "./wording.ts";

/** Longest texts on a card, characters; what is still too large is left out, the least needed first. */
const CARD_LENGTHS = { jobName: 60, message: 200, person: 40 } as const;

/** The masked card that travels with a notification: at most LIMITS.cardBytes of JSON. */
export function cardOf(
  incident: Incident,
  kind: NotificationKind,
  wording: Wording,
  { now, zone, world }: Pick<StepContext, "now" | "zone" | "world">,
  replaces?: string,
): NotificationCard {
  const about = shownMember(incident, kind, wording.about ?? foremostOf(incident));
  const next = nextPerson(incident, world);
  const ofSource = isAboutSource(incident);
  const { card } = about;
  return fitted({
    incidentId: incident.incidentId,
    version: incident.version,
    kind,
    severity: incident.severity,
    ...wordsOf(
      incident,
      { ...wording, about },
      { now, zone, world, nextPerson: next?.who ?? null },
    ),
    jobId: ofSource ? null : card.jobId,
    jobName: middle(nameOf(incident, about, world), CARD_LENGTHS.jobName),
    executionId: ofSource ? null : card.executionId,
    cause: incident.causeKind,
    message: card.message === null ? null : beginning(card.message, CARD_LENGTHS.message),
    since: new Date(about.since).toISOString(),
    jobs: jobsIn(incident),
    firstStep: card.firstStep === null ? null : beginning(card.firstStep, LIMITS.settingTextLength),
    runbookUrl: card.runbookUrl,
    acknowledgedBy: shownPerson(incident.acknowledgedBy?.name ?? null),
    nextAt: next === null ? null : new Date(next.at).toISOString(),
    nextPerson: shownPerson(next?.who ?? null),
    ...(replaces === undefined ? {} : { replaces }),
  });
}

/**
 * The incident's team, which is paged, gets its own jobs' words only; of another team's job in the incident, its name. What is told
 * to all who have a job in it has names only, where these are of several teams.
 */
function shownMember(
  { teamId, members }: Incident,
  kind: NotificationKind,
  member: IncidentMember,
): IncidentMember {
  const { card } = member;
  const isForTeam =
    kind === "page" || kind === "reminder" || members.every((one) => one.card.teamId === teamId);
  if (isForTeam && card.teamId === teamId) return member;
  const silent = { stage: null, firstStep: null, runbookUrl: null, message: null, evidence: [] };
  return { ...member, card: { ...card, ...silent, jobId: null, executionId: null } };
}

function shownPerson(name: string | null): string | null {
  return name === null ? null : middle(name, CARD_LENGTHS.person);
}

/** An address is whole or not there; texts are cut first. */
const SMALLER: readonly ((card: NotificationCard) => NotificationCard)[] = [
  (card) => ({ ...card, message: card.message && beginning(card.message, 100) }),
  (card) => ({ ...card, runbookUrl: null }),
  (card) => ({ ...card, message: null }),
  (card) => ({ ...card, firstStep: card.firstStep && beginning(card.firstStep, 60) }),
  (card) => ({ ...card, firstStep: null }),
  (card) => ({
    ...card,
    jobName: middle(card.jobName, TEXT_LENGTHS.name),
    acknowledgedBy: card.acknowledgedBy && middle(card.acknowledgedBy, TEXT_LENGTHS.person),
    nextPerson: card.nextPerson && middle(card.nextPerson, TEXT_LENGTHS.person),
  }),
];

function fitted(card: NotificationCard): NotificationCard {
  let kept = card;
  for (const smaller of SMALLER) {
    if (bytesOf(kept) <= LIMITS.cardBytes) break;
    kept = smaller(kept);
  }
  return kept;
}

function bytesOf(card: NotificationCard): number {
  return Buffer.byteLength(JSON.stringify(card));
}
