import type {
  Incident,
  IncidentEvent,
  IncidentEventKind,
  IncidentMember,
  Person,
} from "../model/incident.ts";
import { contentIdOf } from "../model/ids.ts";
import type { Notification, NotificationKind } from "../model/notification.ts";
import type { HandledAlert } from "../ports/incident-stores.ts";
import { cardOf } from "./card.ts";
import { nextDueOf, stateOf } from "./incident-state.ts";
import type { Receiver } from "./receivers.ts";
import type { StepContext, StepResult } from "./step-types.ts";
import type { Wording } from "./wording.ts";

interface Told {
  readonly receiver: Receiver;
  readonly kind: NotificationKind;
  readonly wording: Wording;
}

/**
 * An incident while a step is made of it. What is told is written at the end, when it is known what the incident
 * has become; ids come from the incident, its version and the place, so the same step gives the same ids [INC-2].
 */
export class Draft {
  readonly context: StepContext;
  readonly before: Incident | null;
  incident: Incident;
  cancelsPending = false;
  readonly #events: Omit<IncidentEvent, "eventId">[] = [];
  readonly #handled = new Map<string, HandledAlert>();
  /** By target: one message a target and step, a page before anything else. */
  readonly #told = new Map<string, Told>();

  constructor(context: StepContext, before: Incident | null, incident: Incident) {
    this.context = context;
    this.before = before;
    this.incident = incident;
  }

  set(change: Partial<Incident>): void {
    this.incident = { ...this.incident, ...change };
  }

  log(kind: IncidentEventKind, by: Person | null, text: string | null = null): void {
    const { incidentId } = this.incident;
    this.#events.push({ incidentId, at: this.context.now, kind, by, text });
  }

  handle(alert: HandledAlert): void {
    this.#handled.set(alert.alertId, alert);
  }

  /** This member's alert, as it stands in the incident. */
  handleMember({ alertId, version, reason }: IncidentMember): void {
    this.handle({ alertId, handledVersion: version, reason: reason ?? null });
  }

  /** Returns how many are told. */
  tell(receivers: readonly Receiver[], kind: NotificationKind, wording: Wording): number {
    if (!this.context.world.alertsOn) return 0;
    for (const receiver of receivers) {
      const key = `${receiver.channel}/${receiver.targetId}`;
      if (this.#told.get(key)?.kind === "page") continue;
      this.#told.set(key, { receiver, kind, wording });
    }
    return receivers.length;
  }

  finish(): StepResult {
    const { now } = this.context;
    const shaped = { ...this.incident, state: stateOf(this.incident) };
    const incident: Incident = {
      ...shaped,
      version: (this.before?.version ?? 0) + 1,
      updatedAt: this.#events.length > 0 ? now : shaped.updatedAt,
      nextDueAt: nextDueOf(shaped),
    };
    const { incidentId, version } = incident;
    return {
      incident,
      alerts: [...this.#handled.values()],
      notifications: [...this.#told.values()].map((told) => this.#notification(incident, told)),
      cancelsPending: this.cancelsPending,
      events: this.#events.map((event, index) => ({
        eventId: contentIdOf(incidentId, String(version), "event", String(index)),
        ...event,
      })),
      answer: null,
    };
  }

  #notification(incident: Incident, { receiver, kind, wording }: Told): Notification {
    const { incidentId, version } = incident;
    const { now, lease, world } = this.context;
    const { channel, targetId, userId, receiver: name } = receiver;
    // A webhook has readers in many zones.
    const zone = (channel === "webpush" ? world.zoneOf(targetId) : null) ?? this.context.zone;
    return {
      notificationId: contentIdOf(incidentId, String(version), channel, targetId),
      incidentId,
      kind,
      channel,
      targetId,
      userId,
      receiver: name,
      card: cardOf(incident, kind, wording, { now, zone, world }),
      state: "PENDING",
      createdAt: now,
      attempts: 0,
      nextAttemptAt: now,
      leaseOwner: lease.owner,
      leaseUntil: lease.until,
      sentAt: null,
      shownAt: null,
      seenAt: null,
      lastError: null,
    };
  }
}
