import { muteOf, muteOfIncident, policyFor } from "../incidents/receivers.ts";
import { ALERTING_TIMES } from "../incidents/alerting-times.ts";
import { firingOf } from "../incidents/members.ts";
import { highest, isHigher, severityOf, wakes } from "../incidents/severity.ts";
import type { Incident } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { IncidentChange } from "../ports/incident-stores.ts";
import { require } from "./violation.ts";

/** No page is due later than this after the step that promised it, ms. */
const LONGEST_PAUSE_MS =
  Math.max(ALERTING_TIMES.repeatMs, ALERTING_TIMES.recoveryPatienceMs) + ALERTING_TIMES.resumeMs;

/** That a page which is owed is never lost, seen from what each commit made of an incident. */
export class PageChecks {
  readonly #alerting: AlertingWorld;
  /** As they were committed last, by id. */
  readonly #known = new Map<string, Incident>();

  constructor(alerting: AlertingWorld) {
    this.#alerting = alerting;
  }

  committed(changes: readonly IncidentChange[]): void {
    for (const change of changes) this.#check(change, this.#known.get(change.incident.incidentId));
    for (const { incident } of changes) this.#known.set(incident.incidentId, incident);
  }

  /** The store was replaced by an older copy of itself. */
  restored(incidents: Iterable<Incident>): void {
    this.#known.clear();
    for (const incident of incidents) this.#known.set(incident.incidentId, incident);
  }

  /**
   * Once nothing waits any more: a page that was given up was followed by another at once, where anybody is left whose last one was not.
   */
  settled(incident: Incident, rows: readonly Notification[]): void {
    const { acknowledgedBy, recovering, snoozedBy, severity } = incident;
    if (acknowledgedBy !== null || recovering !== null || !wakes(severity)) return;
    if (muteOfIncident(this.#alerting, incident) !== null) return;
    const pages = rows.filter(({ kind, userId }) => kind === "page" && userId !== null);
    const last = new Map<string | null, Notification>();
    for (const page of pages.toSorted(byAge)) {
      last.delete(page.userId);
      last.set(page.userId, page);
    }
    if ([...last.values()].at(-1)?.state !== "DEAD") return;
    const isLeft = policyFor(this.#alerting, incident).people.some(
      ({ person: { userId } }) =>
        userId !== snoozedBy?.userId && last.get(userId)?.state !== "DEAD",
    );
    require(!isLeft, "I5", () =>
      `the last page reached nobody, and nobody else was paged: ${JSON.stringify(incident)}`);
  }

  #check(change: IncidentChange, before: Incident | undefined): void {
    const { incident, command } = change;
    if (incident.resolution !== null) return;
    if (command === null) this.#checkHolder(incident);
    this.#checkSeverity(incident);
    if (muteOfIncident(this.#alerting, incident) !== null || !wakes(incident.severity)) return;
    if (incident.acknowledgedBy === null) checkOwed(incident);
    this.#checkRise(change, before);
  }

  /** Nobody has what they have not taken: it, or something as severe that became part of it. */
  #checkHolder(incident: Incident): void {
    const { acknowledgedBy, acknowledgedAt, severity } = incident;
    if (acknowledgedBy === null) return;
    const hadIt = [...this.#known.values()].some(
      (one) =>
        one.acknowledgedBy?.userId === acknowledgedBy.userId &&
        one.acknowledgedAt === acknowledgedAt &&
        !isHigher(severity, one.severity),
    );
    require(hadIt, "I5", () =>
      `${acknowledgedBy.name} has what is more severe than anything they took: ${JSON.stringify(incident)}`);
  }

  /** INC-4: as severe as the most severe that fires in it and may be told. */
  #checkSeverity(incident: Incident): void {
    const audible = firingOf(incident).filter(({ card }) => muteOf(this.#alerting, card) === null);
    const most = highest(audible.map(({ rule, card }) => severityOf(rule, card.tier)));
    require(!isHigher(most, incident.severity), "I5", () =>
      `an incident is less severe than what fires in it: ${JSON.stringify(incident)}`);
  }

  /** What became more severe is paged in the same step, or is part of what was paged for as much. */
  #checkRise({ incident, notifications }: IncidentChange, before: Incident | undefined): void {
    if (before === undefined || !isHigher(incident.severity, before.severity)) return;
    const canWake = policyFor(this.#alerting, incident).people.some(
      ({ person, devices }) => devices.length > 0 && person.userId !== incident.snoozedBy?.userId,
    );
    const isPaged = notifications.some(({ kind, userId }) => kind === "page" && userId !== null);
    const isPartOf = [...this.#known.values()].some(
      (one) => one.incidentId !== incident.incidentId && one.severity === incident.severity,
    );
    require(isPaged || isPartOf || !canWake, "I5", () =>
      `an incident became more severe and nobody was paged: ${JSON.stringify(incident)}`);
  }
}

/** Of two incidents only the clock says which came first. */
function byAge(a: Notification, b: Notification): number {
  const isSame = a.incidentId === b.incidentId;
  return isSame ? a.card.version - b.card.version : a.createdAt - b.createdAt;
}

/** Nobody has it, and it may wake: the next page, or the next look whether somebody can be woken, has its time. */
function checkOwed(incident: Incident): void {
  const { escalation, updatedAt } = incident;
  const { nextAt } = escalation;
  require(nextAt !== null && nextAt - updatedAt <= LONGEST_PAUSE_MS, "I5", () =>
    `no page is due of an incident that nobody has: ${JSON.stringify(incident)}`);
}
