import type { IncidentEventView, UntoldReason } from "batchwatch/router";
import { formatClock } from "../../components/format.ts";
import { UNTOLD_WORDS } from "../../components/incident-words.ts";

const ISO = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

/** What happened, in a sentence without its moment. @param now epoch milliseconds */
export function eventSentence(event: IncidentEventView, now: number): string {
  const who = event.by ?? "Batchwatch";
  const text = event.text === null ? null : textWords(event.text, now);
  const with_ = (words: string, joint = ": "): string =>
    text === null ? `${words}.` : `${words}${joint}${text}.`;
  switch (event.kind) {
    case "opened":
      return with_("Opened");
    case "alert-joined":
      return with_("Joined", " by ");
    case "alert-ended":
      return with_("Over", ": ");
    case "severity-changed":
      return with_("Severity");
    case "paged":
      return with_("Paged", " ");
    case "nobody-told":
      return with_("Nobody was told");
    case "mute-over":
      return with_("What kept it quiet is over");
    case "acknowledged":
      return `${who} acknowledged it.`;
    case "unacknowledged":
      return `${who} gave it back.`;
    case "taken-over":
      return with_(`${who} took it over`, " from ");
    case "snoozed":
      return with_(`${who} snoozed it`, " until ");
    case "snooze-over":
      return "The snooze is over.";
    case "escalated":
      return with_(`${who} escalated it`, " to ");
    case "list-over":
      return `Everybody on the list was paged and nobody has it: round ${text ?? ""} is over.`;
    case "reminded":
      return with_("Asked whether it is still theirs", ": ");
    case "acknowledgement-over":
      return "No answer: the acknowledgement is over and paging goes on.";
    case "back-to-bed":
      return text === null
        ? `${who} went back to bed: woken only if the new attempt fails or stalls.`
        : `${who} went back to bed: woken only if the new attempt fails or stalls, or is not over by ${text}.`;
    case "recovering":
      return with_("A new attempt is under way");
    case "attempt-failed":
      return with_("The new attempt failed");
    case "commented":
      return `${who}: ${event.text ?? ""}`;
    case "merged":
      return with_("Merged", " with ");
    case "reopened":
      return with_("Open again");
    case "reassigned":
      return with_("Its job is another team’s now", ": ");
    case "resolved":
      return event.by === null ? with_("Ended by itself") : with_(`${who} resolved it`);
  }
}

/** Codes and moments as people read them; everything else as it is, without its last full stop. */
function textWords(text: string, now: number): string {
  if (text in UNTOLD_WORDS) return UNTOLD_WORDS[text as UntoldReason];
  if (ISO.test(text)) return formatClock(Date.parse(text), now);
  return text.replace(/\.$/, "");
}
