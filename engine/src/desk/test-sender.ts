import { SECOND, T0 } from "../incidents/test-incidents.ts";
import type { Notification } from "../model/notification.ts";
import type { SendOutcome } from "../ports/notifier.ts";
import { randomOf } from "../ports/random.ts";
import { LIMITS } from "../model/limits.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";
import { Sender, type SenderHooks } from "./sender.ts";

/** How long a receiver takes, ms, and what becomes of it; `hangs`: it never answers. */
export type Receives = (
  notification: Notification,
  now: number,
) => { readonly afterMs: number; readonly outcome: SendOutcome } | "hangs";

export const SENT: SendOutcome = { type: "sent" };
export const FAILED: SendOutcome = { type: "failed", error: "503", retryAfterMs: null };

interface Answer {
  readonly at: number;
  readonly answer: () => void;
}

/** Senders on one outbox, with receivers whose time is the test's. */
export class SenderWorld {
  now: number = T0;
  readonly stores: MemoryIncidentStores = new MemoryIncidentStores();
  /** What reached a receiver, and when. */
  readonly arrived: { readonly id: string; readonly target: string; readonly at: number }[] = [];
  readonly outcomes: { readonly id: string; readonly type: SendOutcome["type"] }[] = [];
  readonly errors: unknown[] = [];
  /** Incidents of which pages were given up. */
  readonly dead: string[] = [];
  receives: Receives = () => ({ afterMs: 5, outcome: SENT });
  mostUnderWay = 0;
  #answers: Answer[] = [];
  #underWay = 0;

  sender(owner = "desk", hooks: SenderHooks = {}): Sender {
    return new Sender({
      outbox: this.stores.outbox,
      notifier: { send: (notification) => this.#send(notification) },
      clock: { now: () => this.now },
      random: randomOf(1, owner),
      owner,
      hostOf: ({ targetId }) => targetId.split("/")[0] ?? targetId,
      onOutcome: ({ notificationId }, { type }) => this.outcomes.push({ id: notificationId, type }),
      onDead: (incidentIds) => this.dead.push(...incidentIds),
      onError: (error) => this.errors.push(error),
      hooks,
    });
  }

  /** Stores it as the desk does, leased to its sender. */
  fresh(id: string, target: string, more: Partial<Notification> = {}): Notification {
    const notification = notificationOf(id, target, this.now, more);
    this.stores.outboxRows.put(notification);
    return notification;
  }

  row(id: string): Notification {
    const row = this.stores.outboxRows.rows.get(id);
    if (row === undefined) throw new Error(`No notification ${id}.`);
    return row;
  }

  /** Lets time pass; senders look at the clock each 100 ms. */
  async pass(ms: number, ...senders: readonly Sender[]): Promise<void> {
    const until = this.now + ms;
    await settle();
    while (this.now < until) {
      const next = Math.min(until, this.now + 100, ...this.#answers.map(({ at }) => at));
      this.now = next;
      const due = this.#answers.filter(({ at }) => at <= next);
      this.#answers = this.#answers.filter(({ at }) => at > next);
      for (const { answer } of due) answer();
      await settle();
      for (const sender of senders) await sender.tick();
      await settle();
    }
  }

  #send(notification: Notification): Promise<SendOutcome> {
    const { notificationId: id, targetId: target } = notification;
    this.#underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay);
    const received = this.receives(notification, this.now);
    return new Promise((resolve) => {
      if (received === "hangs") return;
      const { afterMs, outcome } = received;
      this.#answers.push({
        at: this.now + afterMs,
        answer: () => {
          this.#underWay -= 1;
          if (outcome.type === "sent") this.arrived.push({ id, target, at: this.now });
          resolve(outcome);
        },
      });
    });
  }
}

/** Lets promises that are due be kept; no time passes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

export function notificationOf(
  id: string,
  target: string,
  now: number,
  more: Partial<Notification> = {},
): Notification {
  return {
    notificationId: id,
    incidentId: "incident",
    kind: "page",
    channel: "webpush",
    targetId: target,
    userId: "ann",
    receiver: "ann",
    card: {
      incidentId: "incident",
      version: 1,
      kind: "page",
      severity: "HIGH",
      title: "FAILED Job a",
      body: "Failed at 02:00 UTC.",
      jobId: "a",
      jobName: "Job a",
      executionId: null,
      cause: "FAILED",
      message: null,
      since: new Date(now - SECOND).toISOString(),
      jobs: 1,
      firstStep: null,
      runbookUrl: null,
      acknowledgedBy: null,
      nextAt: null,
      nextPerson: null,
    },
    state: "PENDING",
    createdAt: now,
    attempts: 0,
    nextAttemptAt: now,
    leaseOwner: "desk",
    leaseUntil: now + LIMITS.sendLeaseMs,
    sentAt: null,
    shownAt: null,
    seenAt: null,
    lastError: null,
    ...more,
  };
}

/** Never ends, as nothing does after a crash. */
export function crash(): Promise<never> {
  return new Promise(() => {});
}
