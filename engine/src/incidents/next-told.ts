import type { Incident } from "../model/incident.ts";
import type { AlertingWorld, Pageable } from "../model/policy.ts";
import { ALERTING_TIMES } from "./alerting-times.ts";
import { heldUntil } from "./incident-state.ts";
import { nextPersonStep, pauseAfter, personAt, rungFrom, sparedBy } from "./ladder.ts";
import { onList, policyFor } from "./receivers.ts";
import { wakes } from "./severity.ts";

export interface NextTold {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly who: string;
}

/** Who is told next, and when; null when nobody is. The one who has it is asked first. */
export function nextTold(stored: Incident, world: AlertingWorld): NextTold | null {
  const incident = onList(world, stored);
  const { acknowledgedBy, remindedAt, escalation } = incident;
  if (incident.resolution !== null || !world.alertsOn) return null;
  const { people } = policyFor(world, incident);
  if (acknowledgedBy !== null) {
    if (remindedAt === null) return { at: heldUntil(incident), who: acknowledgedBy.name };
    const next = personAfter(people, incident);
    return next === null
      ? null
      : { at: remindedAt + ALERTING_TIMES.reminderMs, who: next.person.name };
  }
  if (escalation.nextAt === null || !wakes(incident.severity) || incident.untold !== null)
    return null;
  const rung = rungFrom(people, escalation.step, sparedBy(incident, people));
  return rung === null ? null : { at: escalation.nextAt, who: rung.person.person.name };
}

/** When the next person (not the same once more) is paged; null: nobody is. */
export function nextPerson(stored: Incident, world: AlertingWorld): NextTold | null {
  const incident = onList(world, stored);
  const next = nextTold(incident, world);
  if (next === null || incident.acknowledgedBy !== null) return afterHolder(incident, world);
  const { people } = policyFor(world, incident);
  const { step } = incident.escalation;
  const current = personAt(people, step - 1)?.person.userId;
  const spared = sparedBy(incident, people);
  let at = next.at;
  let rung = rungFrom(people, step, spared);
  if (rung !== null && rung.person.person.userId === current) {
    at += pauseAfter(people, rung.step);
    rung = rungFrom(people, rung.step + 1, spared);
  }
  return rung === null ? null : { at, who: rung.person.person.name };
}

/** Who is paged when the one who has it does not answer. */
function afterHolder(incident: Incident, world: AlertingWorld): NextTold | null {
  const { acknowledgedBy, remindedAt, resolution, severity } = incident;
  if (acknowledgedBy === null || resolution !== null || !wakes(severity)) return null;
  const askedAt = remindedAt ?? heldUntil(incident);
  const next = personAfter(policyFor(world, incident).people, incident);
  return next === null ? null : { at: askedAt + ALERTING_TIMES.reminderMs, who: next.person.name };
}

function personAfter(people: readonly Pageable[], incident: Incident): Pageable | null {
  const { acknowledgedBy, escalation } = incident;
  const from = nextPersonStep(escalation.step);
  const spared = new Set(sparedBy(incident, people));
  const others = new Set(spared).add(acknowledgedBy?.userId ?? "");
  return (rungFrom(people, from, others) ?? rungFrom(people, from, spared))?.person ?? null;
}
