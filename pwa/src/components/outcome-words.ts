import type { CommandView, IncidentListItem, MeView } from "batchwatch/router";
import { type IncidentActionInput, PERHAPS_SENT, type QueuedCommand } from "../offline/queue.ts";
import { newestClaim } from "./claim.ts";
import { formatClock } from "./format.ts";

/** What became of what a person did with an incident, in words. `now` is in epoch milliseconds of the server's clock. */

export interface CommandNote {
  readonly commandId: string;
  readonly action: IncidentActionInput;
  /** `waiting`: not sent. `done`: it did what it says. `nothing`: it changed nothing, or was refused. */
  readonly tone: "waiting" | "done" | "nothing";
  readonly text: string;
  /** What may be tapped next. */
  readonly offer: "take-over" | "again" | null;
}

/** Below this a command that is under way is only called that, ms. */
export const SENDING_MS = 2_000;
/** An answer is shown for this long, ms. */
export const DONE_SHOWN_MS = 60_000;
export const NOTHING_SHOWN_MS = 600_000;

const DONE_WORDS: Readonly<Record<IncidentActionInput["type"], string>> = {
  acknowledge: "escalation stopped",
  unacknowledge: "it is nobody's again",
  "take-over": "it is yours now",
  snooze: "you are left alone until then, the others are not",
  escalate: "the next person is paged",
  "back-to-bed": "you are woken only if the new attempt fails or stalls",
  resolve: "it is closed",
  comment: "your comment stands in the timeline",
};

type NoteSubject = Pick<IncidentListItem, "next" | "resolution">;

/**
 * What there is to say: about the newest claim, then about the newest command of all. What is written after an acknowledgement
 * does not hide what became of it.
 * @param skewMs how far the server's clock is ahead of this device's, which dates the commands
 */
export function commandNotes(
  commands: readonly QueuedCommand[],
  incident: NoteSubject | null,
  me: Pick<MeView, "name">,
  now: number,
  skewMs = 0,
): readonly CommandNote[] {
  return [...new Set([newestClaim(commands), commands.at(-1)])].flatMap((command) => {
    const note = command === undefined ? null : noteOf(command, incident, me, now, skewMs);
    return note === null ? [] : [note];
  });
}

/** Null once it is old news. */
function noteOf(
  command: QueuedCommand,
  incident: NoteSubject | null,
  me: Pick<MeView, "name">,
  now: number,
  skewMs: number,
): CommandNote | null {
  const { commandId, action } = command;
  if (command.state === "waiting" || command.state === "sending") {
    const isYoung = now - skewMs - Date.parse(command.madeAt) < SENDING_MS;
    const text =
      command.state === "sending" && isYoung ? "Sending…" : unsent(command, incident, me, now);
    return { commandId, action, tone: "waiting", text, offer: null };
  }
  const answeredAt = Date.parse(command.answeredAt ?? command.madeAt) + skewMs;
  const ageMs = now - answeredAt;
  if (command.refusal !== null) {
    if (ageMs > NOTHING_SHOWN_MS) return null;
    return {
      commandId,
      action,
      tone: "nothing",
      text: refusalSentence(command.refusal),
      offer: MAY_SUCCEED_LATER.test(command.refusal.code) ? "again" : null,
    };
  }
  const { answer } = command;
  if (answer === null) return null;
  if (answer.outcome === "done") {
    if (ageMs > DONE_SHOWN_MS) return null;
    const text = `Sent ${formatClock(answeredAt, now)}, ${DONE_WORDS[action.type]}.`;
    return { commandId, action, tone: "done", text, offer: null };
  }
  if (ageMs > NOTHING_SHOWN_MS) return null;
  const text = outcomeSentence(answer, action, incident?.resolution ?? null, now);
  const offer = answer.outcome === "someone-has-it" ? "take-over" : null;
  return { commandId, action, tone: "nothing", text, offer };
}

/** Says what happened instead, and that the tap changed nothing. */
function outcomeSentence(
  answer: CommandView,
  action: IncidentActionInput,
  resolution: IncidentListItem["resolution"],
  now: number,
): string {
  const at = (moment: string | null, before: string): string =>
    moment === null ? "" : ` ${before}${formatClock(Date.parse(moment), now)}`;
  switch (answer.outcome) {
    case "done":
      return `Done, ${DONE_WORDS[action.type]}.`;
    case "already-yours":
      return `You have had it${at(answer.acknowledgedAt, "since ") || " already"}. Your tap changed nothing.`;
    case "someone-has-it":
      return `${answer.acknowledgedBy?.name ?? "Somebody else"} acknowledged this${at(answer.acknowledgedAt, "at ")}. Your tap changed nothing.`;
    case "already-resolved":
      return overSentence(answer, resolution, at(answer.resolvedAt, "at "));
    case "not-acknowledged":
      return action.type === "unacknowledge"
        ? "Nobody had it any more. Your tap changed nothing."
        : "You do not have it. Acknowledge it first.";
    case "not-recovering":
      return "No new attempt is under way, so somebody has to stay up. Your tap changed nothing.";
    case "not-snoozable":
      return "It cannot be snoozed for that long. Your tap changed nothing.";
    case "nobody-left":
      return "There is nobody left to page. Your tap changed nothing.";
  }
}

/** What it is part of now may be open, and worse. @param when ` at 03:01`, or nothing */
function overSentence(
  answer: CommandView,
  resolution: IncidentListItem["resolution"],
  when: string,
): string {
  // An answer that is kept from an earlier version does not say it.
  switch (answer.resolution ?? resolution) {
    case "merged":
      return "It is part of another incident now. Your tap changed nothing: open that one.";
    case "person":
      return `It had already been resolved${when}.`;
    case "retired":
      return `It had already ended${when}: its job is not watched any more.`;
    case "cleared":
    case "retracted":
      return `It had already ended by itself${when}.`;
    default:
      return `It had already ended${when}.`;
  }
}

const MAY_SUCCEED_LATER = /NETWORK|INTERNAL|TIMEOUT|TOO_MANY|UNAVAILABLE|BAD_GATEWAY/;

function refusalSentence({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string {
  switch (code) {
    case "UNAUTHORIZED":
      return "Not sent: you are signed out. Sign in and try again.";
    case "FORBIDDEN":
      return "Your role or team does not allow this. Nothing was changed.";
    case "NOT_FOUND":
      return "This incident is not here any more. Nothing was changed.";
    case PERHAPS_SENT:
      return message;
    case "NETWORK":
      return "Not sent: no connection. Nothing was changed.";
    default:
      return MAY_SUCCEED_LATER.test(code)
        ? `The server could not do it. Nothing was changed. Code ${code}.`
        : `${message} Nothing was changed.`;
  }
}

function unsent(
  command: QueuedCommand,
  incident: NoteSubject | null,
  me: Pick<MeView, "name">,
  now: number,
): string {
  const words = unsentWords(command);
  const stopsPages = command.action.type === "acknowledge" || command.action.type === "take-over";
  const next = incident?.next ?? null;
  if (!stopsPages || next === null) return words;
  const who = next.who === me.name ? "you are called again" : `${next.who} is called`;
  const at = Date.parse(next.at);
  return at > now ? `${words} If not sent by ${formatClock(at, now)}, ${who}.` : words;
}

function unsentWords({ refusal, isUnkept }: QueuedCommand): string {
  if (isUnkept) return "Not sent yet, and not kept on this device: keep this screen open.";
  if (refusal === null) return "Not sent yet. Keep this screen open.";
  return "Not sent: you are signed out. It is sent when you sign in again.";
}

/** In the place of the button that was tapped: `Sending…`, `Not sent yet`, `Sent 03:04`. */
export function acknowledgingWords(
  commands: readonly QueuedCommand[],
  now: number,
  skewMs = 0,
): string {
  const last = newestClaim(commands);
  if (last === undefined) return "";
  if (last.answeredAt !== null) {
    return `Sent ${formatClock(Date.parse(last.answeredAt) + skewMs, now)}`;
  }
  const isYoung = now - skewMs - Date.parse(last.madeAt) < SENDING_MS;
  return last.state === "sending" && isYoung ? "Sending…" : "Not sent yet";
}
