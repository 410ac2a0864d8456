import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import type { Clock } from "../ports/clock.ts";
import type { OutboxStore } from "../ports/incident-stores.ts";
import type { Notifier, SendOutcome } from "../ports/notifier.ts";
import type { Random } from "../ports/random.ts";
import { Breakers } from "./breakers.ts";
import { type Mark, Marks } from "./marks.ts";
import { nextAttemptAt } from "./retry-schedule.ts";
import { type Cancelled, SendQueue } from "./send-queue.ts";

/** Where a test stops the sender, as a crash would: what is awaited here never ends. */
export interface SenderHooks {
  readonly beforeSend?: (notification: Notification) => Promise<void>;
  readonly afterSend?: (notification: Notification) => Promise<void>;
  readonly beforeMark?: () => Promise<void>;
}

export interface SenderOptions {
  readonly outbox: Pick<OutboxStore, "lease" | "mark" | "nextDueAt">;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly random: Random;
  /** Whom notifications are leased to: one a process and start. */
  readonly owner: string;
  /** The host that a notification goes to: LIMITS.sendsPerHost are under way to one. @default its channel and target */
  readonly hostOf?: (notification: Notification) => string;
  /** What became of an attempt: a device that is `gone` is to be removed, one that `refused` looked at by a person. */
  readonly onOutcome: (notification: Notification, outcome: SendOutcome) => void;
  /** Pages of these incidents were given up, and are marked as such: nobody was reached by them. */
  readonly onDead: (incidentIds: readonly string[]) => void;
  /** The outbox failed; it is tried again with the next tick. */
  readonly onError: (error: unknown) => void;
  readonly hooks?: SenderHooks;
}

/**
 * Sends what the outbox promises: fresh notifications at once, the others when their attempt is due and their lease is free.
 * At least once: what was sent and not marked is sent again, with the same id, when its lease has run out.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #queue: SendQueue;
  readonly #breakers = new Breakers();
  readonly #marks: Marks;
  readonly #underWay = new Set<string>();
  /** Pages that were given up and are not marked yet: the incident of each. At most LIMITS.marksWaiting. */
  readonly #givenUp = new Map<string, string>();
  #sweeping: Promise<void> | null = null;
  #sweepAt = 0;
  /** Who waits until nothing is under way. */
  #idle: (() => void)[] = [];

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#queue = new SendQueue(options.hostOf ?? receiverOf);
    const { outbox, owner, onError, hooks } = options;
    this.#marks = new Marks({
      mark: (marks) => outbox.mark(owner, marks),
      onError,
      before: hooks?.beforeMark,
      after: (marks) => this.#marked(marks),
    });
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  get underWay(): number {
    return this.#queue.underWay;
  }

  /** Outcomes are on their way to the outbox. */
  get marking(): boolean {
    return this.#marks.flushing !== null;
  }

  /** Sends these now: stored, and leased to this sender. What finds no room is taken from the outbox later. */
  send(notifications: readonly Notification[]): void {
    for (const notification of notifications) this.#take(notification);
    this.#pump();
  }

  /** What has not begun of these is not sent any more. */
  cancel(cancelled: readonly Cancelled[]): void {
    this.#queue.cancel(cancelled);
  }

  /** Takes what is due from the outbox, and marks what could not be marked. Resolves when the outbox has been asked. */
  async tick(): Promise<void> {
    void this.#marks.flush();
    const now = this.#options.clock.now();
    // A time further away than any wait comes from a clock that was set back.
    if (now >= this.#sweepAt || this.#sweepAt - now > LIMITS.sweepMs) await this.sweep();
    this.#pump();
  }

  /** Asks the outbox now, for example when a dead notification is to be sent again. */
  async sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = null;
    });
    await this.#sweeping;
  }

  /** When `tick` has something to do the next time, epoch ms. */
  get nextAt(): number {
    return this.#sweepAt;
  }

  /** Resolves when nothing is under way, and what could be marked is. */
  async idle(): Promise<void> {
    if (this.#queue.underWay > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#marks.flushing;
  }

  async #sweep(): Promise<void> {
    const { outbox, owner, clock, onError } = this.#options;
    // What waits to be marked would be found again, or not be due yet.
    await this.#marks.flush();
    const now = clock.now();
    this.#sweepAt = now + LIMITS.sweepMs;
    try {
      for (;;) {
        const room = LIMITS.sendsWaiting - this.#queue.waiting;
        const limit = Math.min(LIMITS.sendsPerSweep, room);
        if (limit <= 0) return;
        const due = await outbox.lease(owner, now, now + LIMITS.sendLeaseMs, limit);
        this.send(due);
        if (due.length < limit) break;
      }
      const next = await outbox.nextDueAt();
      if (next !== null) this.#sweepAt = Math.min(this.#sweepAt, next);
    } catch (error) {
      onError(error);
    }
  }

  #take(notification: Notification): void {
    const { notificationId } = notification;
    if (this.#underWay.has(notificationId)) return;
    // It was sent, only not marked yet: the newer lease lets the mark through.
    if (this.#marks.has(notificationId)) return;
    this.#queue.add(notification);
  }

  #pump(): void {
    for (;;) {
      const now = this.#options.clock.now();
      const next = this.#queue.next((notification) => this.#judge(notification, now));
      if (next === null) return;
      this.#underWay.add(next.notificationId);
      this.#breakers.begun(receiverOf(next));
      void this.#attempt(next);
    }
  }

  #judge(notification: Notification, now: number): "take" | "wait" | "leave" {
    if ((notification.leaseUntil ?? 0) - now < LIMITS.sendTimeoutMs) return "leave";
    return this.#breakers.isOpen(receiverOf(notification), now) ? "wait" : "take";
  }

  async #attempt(notification: Notification): Promise<void> {
    const { hooks, notifier } = this.#options;
    await hooks?.beforeSend?.(notification);
    let outcome: SendOutcome;
    try {
      outcome = await notifier.send(notification);
    } catch (error) {
      outcome = { type: "failed", error: String(error), retryAfterMs: null };
    }
    await hooks?.afterSend?.(notification);
    this.#settle(notification, outcome);
  }

  #settle(notification: Notification, outcome: SendOutcome): void {
    const { clock, random, onOutcome } = this.#options;
    const { notificationId } = notification;
    const receiver = receiverOf(notification);
    const now = clock.now();
    if (outcome.type === "failed") this.#breakers.failed(receiver, now);
    else this.#breakers.worked(receiver);
    if (outcome.type === "sent") this.#marks.add({ notificationId, type: "sent", at: now });
    else {
      const next =
        outcome.type === "failed"
          ? nextAttemptAt(notification, now, outcome.retryAfterMs, random)
          : null;
      this.#marks.add({
        notificationId,
        type: "failed",
        error: outcome.error,
        nextAttemptAt: next,
      });
      if (next !== null) this.#sweepAt = Math.min(this.#sweepAt, next);
      else this.#giveUp(notification);
    }
    this.#underWay.delete(notificationId);
    this.#queue.done(notification);
    onOutcome(notification, outcome);
    this.#pump();
    if (this.#queue.underWay > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #giveUp({ notificationId, incidentId, kind }: Notification): void {
    if (kind !== "page" || incidentId === null) return;
    this.#givenUp.set(notificationId, incidentId);
    for (const oldest of this.#givenUp.keys()) {
      if (this.#givenUp.size <= LIMITS.marksWaiting) break;
      this.#givenUp.delete(oldest);
    }
  }

  #marked(marks: readonly Mark[]): void {
    if (this.#givenUp.size === 0) return;
    const dead = new Set<string>();
    for (const { notificationId } of marks) {
      const incidentId = this.#givenUp.get(notificationId);
      if (incidentId !== undefined) dead.add(incidentId);
      this.#givenUp.delete(notificationId);
    }
    if (dead.size > 0) this.#options.onDead([...dead]);
  }
}

function receiverOf({ channel, targetId }: Notification): string {
  return `${channel}/${targetId}`;
}
