import type { ChangeKind, ChangeMode, ChangeRequestView, ChangeState } from "batchwatch/router";
import { capitalised, formatDuration, plainName } from "./format.ts";
import type { GlyphName } from "./glyph-paths.ts";
import { formatClock } from "./format.ts";

/** What is asked for, as a heading; the subject's name stands beside it. */
export const CHANGE_KIND_WORDS: Readonly<Record<ChangeKind, string>> = {
  "job-configure": "Change a job",
  "job-rename": "Rename a job",
  "job-retire": "Retire a job, or take that back",
  "job-assign": "Give a job to a team",
  "calendar-put": "Change a calendar",
  "source-add": "Add a source",
  "source-paging": "Start or stop paging",
  "masking-exception": "Keep a field unmasked",
  "user-add": "Add a user",
  "user-change": "Change a user",
  "user-remove": "Remove a user",
  "retention-set": "Change how long something is kept",
};

export const CHANGE_MODE_WORDS: Readonly<Record<ChangeMode, string>> = {
  "two-people": "needs a second person",
  "set-up": "set-up, one person",
  "break-glass": "break-glass: at once, for a short while",
};

const STATE_MARKS: Readonly<Record<ChangeState, readonly [GlyphName, string]>> = {
  WAITING: ["scheduled", "WAITING"],
  APPLIED: ["succeeded", "APPLIED"],
  REJECTED: ["failed", "REJECTED"],
  WITHDRAWN: ["stopped", "WITHDRAWN"],
  EXPIRED: ["unknown", "EXPIRED"],
  REVERTED: ["recovering", "TAKEN BACK"],
};

/** Applied under break-glass, and nobody else has said yes yet: it is taken back by itself. */
export function isStanding(request: ChangeRequestView): boolean {
  return request.state === "APPLIED" && request.revertsAt !== null && request.decidedBy === null;
}

/** Shape and word of its state. */
export function changeMark(request: ChangeRequestView): readonly [GlyphName, string] {
  return isStanding(request) ? ["atrisk", "STANDS ALONE"] : STATE_MARKS[request.state];
}

/** Whether it is up to the reader now. */
export function waitsForMe({ may }: ChangeRequestView): boolean {
  return may.approve;
}

const FIELD_WORDS: ReadonlyMap<string, string> = new Map([
  ["retiredFrom", "retired from"],
  ["pagingMode", "paging"],
  ["firstStep", "first step"],
  ["runbookUrl", "runbook address"],
]);
const VALUE_WORDS: Readonly<Record<string, string>> = {
  WATCHING: "only watched",
  PAGING: "paging",
};

/** `Run budget` from `clocks.runBudgetMs`. */
export function fieldWords(field: string): string {
  return capitalised(FIELD_WORDS.get(field) ?? plainName(field.replace(/^clocks\.(.*)Ms$/, "$1")));
}

/** A value of a field as people read it; `nothing` where there is none. */
export function valueWords(field: string, value: string | null): string {
  if (value === null || value === "") return "nothing";
  if (field.startsWith("clocks.") && /^\d+$/.test(value)) return formatDuration(Number(value));
  if (field === "days" && /^\d+$/.test(value)) return daysWords(Number(value));
  return VALUE_WORDS[value] ?? value;
}

/** `7 years` from 2556, `90 days`, `1 day`. */
export function daysWords(days: number): string {
  const years = Math.round(days / 365.25);
  if (days >= 730 && Math.abs(days - years * 365.25) <= 2) return `${years} years`;
  return days === 1 ? "1 day" : `${days} days`;
}

/** `schedule, first step` */
export function changedFields({ differences }: ChangeRequestView): string {
  return differences.map(({ field }) => fieldWords(field).toLowerCase()).join(", ");
}

/** `1 change stands without a second person until 03:12.` @param until epoch milliseconds; null: not known here */
export function breakGlassSentence(count: number, until: number | null, now: number): string {
  const what = count === 1 ? "1 change stands" : `${count} changes stand`;
  const end = until === null ? "" : ` until ${formatClock(until, now)}`;
  return `${what} without a second person${end}.`;
}

const PROBLEM_WORDS: Readonly<Record<string, string>> = {
  own_request: "You proposed this, so someone else must approve it.",
  not_waiting: "It does not wait any more: somebody was quicker, or it has expired.",
  other_content: "It is not what was shown to you. Look at it again.",
  changed_meanwhile:
    "What it changes was changed since this was proposed. Nothing was applied. Propose it again.",
  expired: "Its time was over. Nothing was applied. Propose it again.",
  already_waiting:
    "A change of this kind waits for a second person already. Decide that one first.",
  nothing_changes: "That is how it is already. Nothing was asked for.",
  last_administrator: "Nobody else is an administrator. Make another one first.",
  reason_missing: "Say why in a few words.",
  may_not_decide: "Your role or team does not decide this.",
  may_not_ask: "Your role or team does not change this.",
  too_many: "You have as many changes waiting as one person may. Withdraw one first.",
  already_collected: "It was shown already, and is shown once only.",
  incident_over:
    "Its incident is over: what this message says is not so any more. It was not sent again.",
};

/** Words for a stable reason of the server's; null: its own sentence is the best there is. */
export function changeProblemWords(reason: string): string | null {
  return PROBLEM_WORDS[reason] ?? null;
}
