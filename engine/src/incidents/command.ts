import type {
  CommandAnswer,
  CommandOutcome,
  Incident,
  IncidentAction,
  IncidentCommand,
  IncidentState,
  Person,
} from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import { keptText } from "../masking/mask-json.ts";
import { acknowledge, backToBed, takeOver, unacknowledge } from "./acknowledgement.ts";
import type { Draft } from "./draft.ts";
import { foremostOf } from "./members.ts";
import { close } from "./resolution.ts";
import { escalate, snooze } from "./snooze.ts";
import { inTheirPlaces, paged } from "./told.ts";

/** What does not fit at all is answered at once; the rest is tried. */
const FITS: Readonly<
  Record<IncidentAction["type"], Readonly<Record<IncidentState, CommandOutcome | "try">>>
> = {
  acknowledge: {
    OPEN: "try",
    ACKNOWLEDGED: "try",
    RECOVERING: "try",
    RESOLVED: "already-resolved",
  },
  unacknowledge: {
    OPEN: "not-acknowledged",
    ACKNOWLEDGED: "try",
    RECOVERING: "try",
    RESOLVED: "already-resolved",
  },
  "take-over": {
    OPEN: "try",
    ACKNOWLEDGED: "try",
    RECOVERING: "try",
    RESOLVED: "already-resolved",
  },
  snooze: { OPEN: "try", ACKNOWLEDGED: "try", RECOVERING: "try", RESOLVED: "already-resolved" },
  escalate: { OPEN: "try", ACKNOWLEDGED: "try", RECOVERING: "try", RESOLVED: "already-resolved" },
  "back-to-bed": {
    OPEN: "not-recovering",
    ACKNOWLEDGED: "not-recovering",
    RECOVERING: "try",
    RESOLVED: "already-resolved",
  },
  resolve: { OPEN: "try", ACKNOWLEDGED: "try", RECOVERING: "try", RESOLVED: "already-resolved" },
  comment: { OPEN: "try", ACKNOWLEDGED: "try", RECOVERING: "try", RESOLVED: "try" },
};

/** Commands after which nobody else need do anything: who was paged before is told so [INC-24]. */
export const TAKES: ReadonlySet<IncidentAction["type"]> = new Set([
  "acknowledge",
  "take-over",
  "back-to-bed",
  "resolve",
]);

/** Carries a command out. What it may not do changes nothing of the incident but its version, so that the answer is kept. */
export function carryOut(draft: Draft, command: IncidentCommand): CommandOutcome {
  const fits = FITS[command.action.type][draft.incident.state];
  const outcome = fits === "try" ? act(draft, command) : fits;
  if (outcome === "done" && TAKES.has(command.action.type)) tellOthers(draft, command.by);
  return outcome;
}

/** A page that waits for signal would wake somebody for what is done: a silent message takes its place. */
function tellOthers(draft: Draft, by: Person): void {
  const { context, incident } = draft;
  const others = inTheirPlaces(paged(context.promised, context.now), incident).filter(
    ({ channel, userId }) => channel === "webpush" && userId !== by.userId,
  );
  const isClosed = incident.resolution !== null;
  const about = foremostOf(incident);
  draft.tell(others, isClosed ? "recovered" : "update", { type: "taken", about, by, isClosed });
}

export function answerOf(outcome: CommandOutcome, incident: Incident): CommandAnswer {
  const { incidentId, state, version, acknowledgedBy, acknowledgedAt } = incident;
  const { resolvedAt, resolution, mergedInto } = incident;
  const now = {
    state,
    version,
    acknowledgedBy,
    acknowledgedAt,
    resolvedAt,
    resolution,
    mergedInto,
  };
  return { outcome, incidentId, ...now };
}

function act(draft: Draft, { by, action }: IncidentCommand): CommandOutcome {
  switch (action.type) {
    case "acknowledge":
      return acknowledge(draft, by);
    case "unacknowledge":
      return unacknowledge(draft, by);
    case "take-over":
      return takeOver(draft, by);
    case "snooze":
      return snooze(draft, by, action.untilMs);
    case "escalate":
      return escalate(draft, by);
    case "back-to-bed":
      return backToBed(draft, by);
    case "resolve":
      close(draft, "person");
      draft.set({
        resolvedBy: by,
        resolutionReason: keptText(action.reason, LIMITS.commentLength),
      });
      draft.log("resolved", by, keptText(action.reason, LIMITS.commentLength));
      return "done";
    case "comment":
      draft.log("commented", by, keptText(action.text, LIMITS.commentLength));
      return "done";
    default:
      return action satisfies never;
  }
}
