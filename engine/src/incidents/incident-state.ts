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

/** Whether the ladder of what nobody has goes on now. */
export function isLadderDue(
  { acknowledgedBy, escalation: { nextAt } }: Pick<Incident, "acknowledgedBy" | "escalation">,
  now: number,
): boolean {
  return acknowledgedBy === null && nextAt !== null && nextAt <= now;
}

/** Whether the clock has something to do with it now, or a setting that kept it quiet has changed. */
export function isDue(
  incident: Incident,
  { now, world }: { readonly now: number; readonly world: AlertingWorld },
): boolean {
  const { nextDueAt } = incident;
  const isTime = nextDueAt !== null && (nextDueAt <= now || setBackMs(incident, now) > 0);
  return isTime || audibleNow(incident, world).length > 0;
}

/**
 * The incident as the clock is now. Nothing was ever changed in the future: where it seems so the clock was set back since, and what was
 * due in so many minutes is so from now on, be they few or many [INC-8]. A snooze stays: its end is a time of day that a person chose.
 */
export function inTime(incident: Incident, now: number): Incident {
  const ms = setBackMs(incident, now);
  if (ms === 0) return incident;
  const back = (at: number | null) => (at === null ? null : at - ms);
  const { escalation, ackUntil, remindedAt } = incident;
  const shifted: Incident = {
    ...incident,
    updatedAt: now,
    ackUntil: back(ackUntil),
    remindedAt: back(remindedAt),
    escalation: { ...escalation, nextAt: back(escalation.nextAt) },
  };
  return { ...shifted, nextDueAt: nextDueOf(shifted) };
}

function setBackMs({ updatedAt, resolution }: Incident, now: number): number {
  const aheadMs = updatedAt - now;
  return resolution === null && aheadMs > ALERTING_TIMES.clockSlackMs ? aheadMs : 0;
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
