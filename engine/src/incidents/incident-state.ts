import type { Incident, IncidentState } from "../model/incident.ts";
import type { AlertingWorld } from "../model/policy.ts";
import { ALERTING_TIMES } from "./alerting-times.ts";
import { audibleNow } from "./receivers.ts";

/** Which state may follow which; staying is always allowed [INC-1]. */
export const MAY_FOLLOW: Readonly<Record<IncidentState, Readonly<Record<IncidentState, boolean>>>> =
  {
    OPEN: { OPEN: true, ACKNOWLEDGED: true, RECOVERING: true, RESOLVED: true },
    ACKNOWLEDGED: { OPEN: true, ACKNOWLEDGED: true, RECOVERING: true, RESOLVED: true },
    RECOVERING: { OPEN: true, ACKNOWLEDGED: true, RECOVERING: true, RESOLVED: true },
    RESOLVED: { OPEN: false, ACKNOWLEDGED: false, RECOVERING: false, RESOLVED: true },
  };

/** The state is what the rest of the incident says, never a field that can disagree with it. */
export function stateOf(
  incident: Pick<Incident, "resolution" | "recovering" | "acknowledgedBy">,
): IncidentState {
  if (incident.resolution !== null) return "RESOLVED";
  if (incident.recovering !== null) return "RECOVERING";
  return incident.acknowledgedBy === null ? "OPEN" : "ACKNOWLEDGED";
}

/** The earliest of what the clock has to do with it, epoch milliseconds; null: nothing. */
export function nextDueOf(incident: Incident): number | null {
  if (incident.resolution !== null) return null;
  const times = [incident.snoozedUntil, answerDueAt(incident)].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** No step of the ladder is due later than this from its making, ms; one that is comes from a clock that was set back. */
const LADDER_MOST_MS =
  Math.max(ALERTING_TIMES.repeatMs, ALERTING_TIMES.recoveryPatienceMs) +
  ALERTING_TIMES.secondPushMs;

/** Whether the ladder of what nobody has goes on now. */
export function isLadderDue(
  { acknowledgedBy, escalation: { nextAt } }: Pick<Incident, "acknowledgedBy" | "escalation">,
  now: number,
): boolean {
  if (acknowledgedBy !== null || nextAt === null) return false;
  return nextAt <= now || nextAt - now > LADDER_MOST_MS;
}

/** Whether the clock has something to do with it now, or a setting that kept it quiet has changed. */
export function isDue(
  incident: Incident,
  { now, world }: { readonly now: number; readonly world: AlertingWorld },
): boolean {
  const { nextDueAt } = incident;
  const isTime = nextDueAt !== null && (nextDueAt <= now || isLadderDue(incident, now));
  return isTime || audibleNow(incident, world).length > 0;
}

/** When the one who has it is asked again, or the page goes on. */
function answerDueAt(incident: Incident): number | null {
  if (incident.acknowledgedBy === null) return incident.escalation.nextAt;
  if (incident.remindedAt !== null) return incident.remindedAt + ALERTING_TIMES.reminderMs;
  return heldUntil(incident);
}

/** Until when the acknowledgement holds, epoch ms: no stored one, whoever wrote it, holds for ever. */
export function heldUntil({
  ackUntil,
  acknowledgedAt,
}: Pick<Incident, "ackUntil" | "acknowledgedAt">): number {
  return ackUntil ?? (acknowledgedAt ?? 0) + ALERTING_TIMES.bedMs;
}
