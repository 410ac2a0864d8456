import { partsOf } from "../incidents/members.ts";
import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, Incident, IncidentCommand } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import type { IncidentChange } from "../ports/incident-stores.ts";
import { PageChecks } from "./page-checks.ts";
import { require } from "./violation.ts";
import type { World } from "./world.ts";

/** I4 and I5, seen from outside: from what the store holds, what was sent and what arrived. */
export class IncidentChecks {
  readonly #world: World;
  /** Messages that a commit promised, by id, since the store is this one. */
  #promised = new Map<string, string>();
  /** First answer of each command, since the store is this one. */
  #answers = new Map<string, string>();

  readonly #pages: PageChecks;

  constructor(world: World) {
    this.#world = world;
    this.#pages = new PageChecks(world.recipients.alerting);
  }

  committed(changes: readonly IncidentChange[], outcomes: readonly ("done" | "conflict")[]): void {
    for (const [index, { notifications }] of changes.entries()) {
      if (outcomes[index] !== "done") continue;
      for (const one of notifications) this.#promised.set(one.notificationId, contentOf(one));
    }
    const done = changes.filter((_, index) => outcomes[index] === "done");
    this.#world.guard(() => this.#pages.committed(done));
  }

  /** I4: what is sent is what the store holds; and again only where it is not known that it arrived. */
  sending(notification: Notification, answered: ReadonlySet<string>): void {
    const { notificationId } = notification;
    const row = this.#world.store.tables.outbox.get(notificationId);
    require(row !== undefined, "I4", () =>
      `message ${notificationId} is sent and the store does not hold it`);
    require(row === undefined || contentOf(row) === contentOf(notification), "I4", () =>
      `message ${notificationId} differs from the stored one\nsent:   ${contentOf(notification)}\nstored: ${row === undefined ? "" : contentOf(row)}`);
    require(!answered.has(notificationId), "I4", () =>
      `message ${notificationId} is sent again by the process that knows it arrived`);
  }

  /** A command is carried out once: its repeat gets the first answer. */
  answered({ commandId, action }: IncidentCommand, answer: CommandAnswer | null): void {
    const text = JSON.stringify(answer);
    const first = this.#answers.get(commandId);
    if (first === undefined && answer !== null) this.#answers.set(commandId, text);
    const same = first === undefined || first === text;
    this.#world.guard(() =>
      require(same, "I4", () =>
        `${commandId} (${action.type}) was answered twice\nfirst: ${first}\nthen:  ${text}`),
    );
  }

  /** The store was replaced by an older copy of itself: what it promises and knows is what is in it. */
  restored(): void {
    const rows = [...this.#world.store.tables.outbox.values()];
    this.#promised = new Map(rows.map((row) => [row.notificationId, contentOf(row)]));
    this.#answers = new Map();
    this.#pages.restored(this.#world.store.tables.incidents.incidents.values());
  }

  /** What must hold once nothing waits any more. */
  settled(): void {
    this.#messages();
    const { alerts, incidents } = this.#world.store.tables;
    for (const alert of alerts.values()) {
      const { incidentId } = alert;
      const incident = incidentId === null ? undefined : incidents.incidents.get(incidentId);
      require(alert.handledVersion >= alert.version, "I5", () =>
        `nobody took in alert ${JSON.stringify(alert)}`);
      if (alert.firing) this.#explained(alert, incident);
    }
    const rows = [...this.#world.store.tables.outbox.values()];
    for (const incident of incidents.incidents.values()) {
      this.#hasCause(incident);
      if (incident.state === "RESOLVED") continue;
      const ids = partsOf(incident);
      const own = rows.filter(({ incidentId }) => ids.includes(incidentId ?? ""));
      this.#pages.settled(incident, own);
    }
  }

  /** I4: every promised message arrived at least once, was cancelled, or was given up after it had been tried. */
  #messages(): void {
    const { outbox } = this.#world.store.tables;
    const { arrived } = this.#world.recipients;
    for (const [notificationId, content] of this.#promised) {
      const row = outbox.get(notificationId);
      require(row !== undefined && contentOf(row) === content, "I4", () =>
        `message ${notificationId} was promised and is not in the outbox`);
    }
    for (const { notificationId, state, attempts, kind } of outbox.values()) {
      require(state !== "PENDING", "I4", () => `message ${notificationId} is never sent`);
      const times = arrived.get(notificationId) ?? 0;
      require(state !== "SENT" || times > 0, "I4", () =>
        `message ${notificationId} is marked as sent and arrived nowhere`);
      require(state !== "DEAD" || attempts > 0, "I4", () =>
        `message ${notificationId} was given up before it was tried`);
      require(state !== "CANCELLED" || kind === "page" || kind === "reminder", "I4", () =>
        `message ${notificationId} is a ${kind} and was cancelled`);
    }
    for (const notificationId of arrived.keys()) {
      // What an older store never promised may have been sent before it was put in its place.
      const known = outbox.has(notificationId) || this.#world.restores > 0;
      require(known, "I4", () => `message ${notificationId} arrived and nobody promised it`);
    }
  }

  /** I5: it is in an incident, or in none for exactly one reason; and if nobody was told, there is a reason too. */
  #explained(alert: Alert, incident: Incident | undefined): void {
    const { incidentId, reason } = alert;
    const text = () => JSON.stringify(alert);
    require(incidentId !== null || reason !== null, "I5", () =>
      `firing alert has neither incident nor reason: ${text()}`);
    if (incidentId === null) return;
    if (incident === undefined) {
      require(false, "I5", () => `alert is in an incident that is not stored: ${text()}`);
      return;
    }
    const open = incident.state !== "RESOLVED";
    const byWhom = incident.resolution;
    require(open || byWhom === "person" || byWhom === "merged" || reason !== null, "I5", () =>
      `firing alert is in a resolved incident: ${text()}\n${JSON.stringify(incident)}`);
    if (!open) return;
    const isMember = incident.members.some(({ alertId }) => alertId === alert.alertId);
    require(isMember || incident.memberCount > LIMITS.incidentMembers, "I5", () =>
      `firing alert is no member of its incident: ${text()}\n${JSON.stringify(incident)}`);
    const rows = this.#world.store.tables.outbox.values();
    const told = [...rows].some((row) => row.incidentId === incidentId && row.state !== "DEAD");
    require(told || reason !== null, "I5", () =>
      `nobody was told of a firing alert, and it does not say why: ${text()}`);
  }

  /** I5: an incident is open as long as something in it fires. */
  #hasCause(incident: Incident): void {
    if (incident.state === "RESOLVED") return;
    const { alerts } = this.#world.store.tables;
    const fires = incident.members.some(({ alertId }) => alerts.get(alertId)?.firing === true);
    require(fires || incident.memberCount > incident.members.length, "I5", () =>
      `an incident is open and nothing in it fires: ${JSON.stringify(incident)}`);
  }
}

/** What a receiver sees of it. */
function contentOf({ incidentId, kind, channel, targetId, userId, card }: Notification): string {
  return JSON.stringify({ incidentId, kind, channel, targetId, userId, card });
}
