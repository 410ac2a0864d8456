import type {
  Incident,
  IncidentEvent,
  IncidentEventKind,
  IncidentMember,
  Person,
} from "../model/incident.ts";
import { contentIdOf } from "../model/ids.ts";
import type { Notification, NotificationKind } from "../model/notification.ts";
import type { Cancels, HandledAlert } from "../ports/incident-stores.ts";
import { cardOf } from "./card.ts";
import { nextDueOf, stateOf } from "./incident-state.ts";
import { onList, type Receiver } from "./receivers.ts";
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
  #cancels: Cancels | null = null;
  readonly #events: Omit<IncidentEvent, "eventId">[] = [];
  readonly #handled = new Map<string, HandledAlert>();
  /** By target and what is replaced there: one message each a step, a page before anything else. */
  readonly #told = new Map<string, Told>();

  constructor(context: StepContext, before: Incident | null, incident: Incident) {
    this.context = context;
    this.before = before;
    this.incident = onList(context.world, incident);
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

  /** What is overtaken, and not sent yet, is not sent: everybody's, or one person's. */
  cancel(userId: string | null = null): void {
    this.#cancel({ userId });
  }

  /** The same of all persons; what waits for a webhook goes on waiting. */
  cancelPersons(): void {
    this.#cancel({ userId: null, sparesWebhooks: true });
  }

  #cancel(more: Cancels): void {
    this.#cancels = this.#cancels === null ? more : bothOf(this.#cancels, more);
  }

  /** Returns how many are told. */
  tell(receivers: readonly Receiver[], kind: NotificationKind, wording: Wording): number {
    if (!this.context.world.alertsOn) return 0;
    for (const receiver of receivers) {
      const { channel, targetId, replaces = "" } = receiver;
      const key = `${channel}/${targetId}/${replaces}`;
      if (this.#told.get(key)?.kind === "page") continue;
      this.#told.set(key, { receiver, kind, wording });
    }
    return receivers.length;
  }

  finish(): StepResult {
    const { now } = this.context;
    const shaped = { ...this.incident, state: stateOf(this.incident) };
    const nextDueAt = nextDueOf(shaped);
    const isChanged = this.#events.length > 0 || nextDueAt !== this.before?.nextDueAt;
    const incident: Incident = {
      ...shaped,
      version: (this.before?.version ?? 0) + 1,
      updatedAt: isChanged ? now : shaped.updatedAt,
      nextDueAt,
    };
    const { incidentId, version } = incident;
    return {
      incident,
      alerts: [...this.#handled.values()],
      notifications: [...this.#told.values()].map((told) => this.#notification(incident, told)),
      cancels: this.#cancels,
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
    const { channel, targetId, userId, receiver: name, replaces } = receiver;
    // A webhook has readers in many zones.
    const zone = (channel === "webpush" ? world.zoneOf(targetId) : null) ?? this.context.zone;
    return {
      notificationId: contentIdOf(
        incidentId,
        String(version),
        channel,
        targetId,
        ...(replaces === undefined ? [] : [replaces]),
      ),
      incidentId,
      kind,
      channel,
      targetId,
      userId,
      receiver: name,
      card: cardOf(incident, kind, wording, { now, zone, world }, replaces),
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

/** The least that is all of both. */
function bothOf(one: Cancels, other: Cancels): Cancels {
  if (one.userId !== null && one.userId === other.userId) return one;
  const spares = [one, other].every((each) => each.userId !== null || each.sparesWebhooks === true);
  return { userId: null, ...(spares && { sparesWebhooks: true }) };
}
