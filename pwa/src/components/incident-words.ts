import type {
  CauseKind,
  Evidence,
  IncidentListItem,
  MeView,
  Resolution,
  Severity,
  UntoldReason,
} from "batchwatch/router";
import { isMine, isOpen } from "../live/incident-lists.ts";
import { evidenceSentence } from "./evidence-words.ts";
import { formatBusinessDate, formatClock, formatDuration, formatNumber } from "./format.ts";
import type { GlyphName } from "./glyph-paths.ts";

/** Incidents in words. Clock times are of this device's zone; `now` is in epoch milliseconds. */

/** How an incident is marked: the shape and ink of a state, and its word. */
export interface IncidentMark {
  readonly glyph: GlyphName;
  readonly word: string;
}

export const CAUSE_MARKS: Readonly<Record<CauseKind, IncidentMark>> = {
  FAILED: { glyph: "failed", word: "FAILED" },
  MISSED: { glyph: "late", word: "NOT STARTED" },
  STALLED: { glyph: "stalled", word: "STALLED" },
  SOURCE_SILENT: { glyph: "unknown", word: "NO DATA" },
  SHARED_SOURCE: { glyph: "failed", word: "ONE CAUSE" },
};

const ENDED_MARKS: Readonly<Record<Resolution, IncidentMark>> = {
  cleared: { glyph: "succeeded", word: "RECOVERED" },
  retracted: { glyph: "unknown", word: "RETRACTED" },
  retired: { glyph: "unknown", word: "RETIRED" },
  person: { glyph: "succeeded", word: "RESOLVED" },
  merged: { glyph: "unknown", word: "MERGED" },
};

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  CRITICAL: "Critical",
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
};

/** Ends the sentence "Nobody was told: …". */
export const UNTOLD_WORDS: Readonly<Record<UntoldReason, string>> = {
  "alerts-off": "alerts are switched off on this server",
  "not-production": "its source is not production",
  "source-watching": "its source is only watched, paging was not started",
  "low-tier": "its severity wakes nobody",
  consequence: "it is a consequence of another incident",
  "same-incident": "it joined an incident that people had been told of",
  "ended-before": "it ended before anybody could be told",
  "nobody-to-tell": "nobody on call has a device that can be woken",
  "not-delivered": "no message reached anybody, Deliveries says why",
};

export function incidentMark(
  incident: Pick<IncidentListItem, "state" | "causeKind" | "resolution">,
): IncidentMark {
  if (incident.state === "RECOVERING") return { glyph: "recovering", word: "RECOVERING" };
  if (incident.state !== "RESOLVED") return CAUSE_MARKS[incident.causeKind];
  return incident.resolution === null
    ? { glyph: "succeeded", word: "RESOLVED" }
    : ENDED_MARKS[incident.resolution];
}

/** What happened, from the evidence where there is some, with the job's own words where the reader may have them. */
export function causeSentence(
  incident: Pick<IncidentListItem, "causeKind" | "evidence" | "message" | "since" | "jobs">,
  now: number,
): string {
  const { causeKind, evidence, message, jobs } = incident;
  const [first] = evidence;
  const seen =
    first === undefined
      ? ""
      : evidenceSentence(first, { startedAt: null, endedAt: null, durationMs: null }, now);
  switch (causeKind) {
    case "FAILED":
      return message ?? "It failed. No reason is given.";
    case "MISSED":
      return seen === "" ? "It should have begun and has not." : seen;
    case "STALLED":
      return first?.code === "standing-still"
        ? standingStill(first, now)
        : "It stands still. The process may be dead.";
    case "SOURCE_SILENT":
      return `No data since ${formatClock(Date.parse(incident.since), now)}. Its runs are unknown, not failed.`;
    case "SHARED_SOURCE": {
      const words = `${formatNumber(jobs)} jobs of one source went wrong together.`;
      return message === null ? words : `${words} ${message}`;
    }
  }
}

/** Short enough for two lines of a phone; the limit and where it comes from are said with the evidence. */
function standingStill(
  { lastCommitAt, usualGapMs }: Extract<Evidence, { code: "standing-still" }>,
  now: number,
): string {
  const since = formatClock(Date.parse(lastCommitAt), now);
  if (usualGapMs === null) return `No sign of life since ${since}. The process may be dead.`;
  return `No commit since ${since}, usual gap ${formatDuration(usualGapMs)}. The process may be dead.`;
}

/** `Critical · 3 jobs · 11 Nov` */
export function incidentFacts(
  incident: Pick<IncidentListItem, "severity" | "jobs" | "businessDate">,
): string {
  const { severity, jobs, businessDate } = incident;
  const facts = [
    SEVERITY_WORDS[severity],
    jobs > 1 ? `${formatNumber(jobs)} jobs` : null,
    businessDate === null ? null : formatBusinessDate(businessDate),
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}

type HeldIncident = Pick<
  IncidentListItem,
  | "state"
  | "resolvedAt"
  | "acknowledgedBy"
  | "acknowledgedAt"
  | "ackUntil"
  | "snoozedUntil"
  | "backToBed"
  | "next"
  | "untold"
>;

/** Who has it and until when, whom it goes to next and when, or why nobody was told. One sentence each. */
export function holderSentences(
  incident: HeldIncident,
  me: Pick<MeView, "userId" | "name">,
  now: number,
): readonly string[] {
  const clock = (at: string): string => formatClock(Date.parse(at), now);
  const { acknowledgedBy, ackUntil, snoozedUntil, next, untold, resolvedAt } = incident;
  if (!isOpen(incident)) {
    return resolvedAt === null ? ["It has ended."] : [`It ended ${clock(resolvedAt)}.`];
  }
  const sentences: string[] = [];
  if (acknowledgedBy === null) {
    sentences.push(
      untold === null ? "Nobody has it." : `Nobody was told: ${UNTOLD_WORDS[untold]}.`,
    );
  } else if (isMine(incident, me.userId)) {
    const isTimed = ackUntil !== null && !incident.backToBed;
    sentences.push(isTimed ? `You have it until ${clock(ackUntil)}.` : "You have it.");
  } else {
    const since =
      incident.acknowledgedAt === null ? "" : ` since ${clock(incident.acknowledgedAt)}`;
    sentences.push(`${acknowledgedBy.name} has it${since}.`);
  }
  if (snoozedUntil !== null && Date.parse(snoozedUntil) > now) {
    sentences.push(`Snoozed until ${clock(snoozedUntil)}.`);
  }
  if (incident.backToBed) {
    const until = ackUntil === null ? "" : `, or is not over by ${clock(ackUntil)}`;
    sentences.push(`Woken only if the new attempt fails or stalls${until}.`);
  } else if (next !== null && acknowledgedBy === null) {
    sentences.push(`Next: ${next.who === me.name ? "you again" : next.who}, ${clock(next.at)}.`);
  }
  return sentences;
}

/** `Attempt 2 since 03:21, stage load`, for what is on its way; null where nothing is. */
export function attemptWords(
  recovering: IncidentListItem["recovering"],
  progress: string | null,
  now: number,
): string | null {
  if (recovering === null) return null;
  const since = formatClock(Date.parse(recovering.startedAt), now);
  const words = `Attempt ${recovering.attempt} since ${since}`;
  return progress === null ? words : `${words}, ${progress}`;
}
