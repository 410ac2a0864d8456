import { LIMITS } from "../model/limits.ts";
import { type Notification, OVERTAKEN_KINDS } from "../model/notification.ts";
import type { Cancels } from "../ports/incident-stores.ts";

/** Of one host's so many are looked at in a row, however many of them wait for a receiver that is left alone. */
const MOST_LOOKS = 64;

/** Pages and reminders of an incident that are not sent any more; `userId` null: everybody's. */
export interface Cancelled extends Cancels {
  readonly incidentId: string;
}

function canBeOvertaken({ kind }: Pick<Notification, "kind">): boolean {
  return OVERTAKEN_KINDS.includes(kind);
}

/** Whether it is among these. */
export function isCancelled(one: Notification, cancelled: readonly Cancelled[]): boolean {
  if (!canBeOvertaken(one)) return false;
  return cancelled.some(
    ({ incidentId, userId, sparesWebhooks }) =>
      one.incidentId === incidentId &&
      (userId === null || one.userId === userId) &&
      (sparesWebhooks !== true || one.userId !== null),
  );
}

interface Host {
  /** Pages go before what only informs. */
  readonly pages: Map<string, Notification>;
  readonly rest: Map<string, Notification>;
  underWay: number;
}

/** What waits to be sent, by host: each has so many places, and hosts take turns, so a slow one holds up nobody else. */
export class SendQueue {
  readonly #hosts = new Map<string, Host>();
  readonly #hostOf: (notification: Notification) => string;
  #waiting = 0;
  #underWay = 0;

  constructor(hostOf: (notification: Notification) => string) {
    this.#hostOf = hostOf;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** False when there is no room. One that waits already takes the newer lease. */
  add(notification: Notification): boolean {
    const host = this.#host(this.#hostOf(notification));
    const queue = notification.kind === "page" ? host.pages : host.rest;
    const isNew = !queue.has(notification.notificationId);
    if (isNew && this.#waiting >= LIMITS.sendsWaiting) return false;
    queue.set(notification.notificationId, notification);
    if (isNew) this.#waiting += 1;
    return true;
  }

  /** What has not begun of these is not sent. */
  cancel(cancelled: readonly Cancelled[]): void {
    for (const { pages, rest } of this.#hosts.values()) {
      for (const queue of [pages, rest]) this.#drop(queue, (one) => isCancelled(one, cancelled));
    }
  }

  /** The next that may be sent: `judge` says of each whether it is taken, waits, or is left to the outbox. */
  next(judge: (notification: Notification) => "take" | "wait" | "leave"): Notification | null {
    if (this.#underWay >= LIMITS.sendsAtOnce) return null;
    for (const [key, host] of this.#hosts) {
      if (host.underWay >= LIMITS.sendsPerHost) continue;
      const found = this.#first(host.pages, judge) ?? this.#first(host.rest, judge);
      if (found === null) {
        this.#forgetIdle(key, host);
        continue;
      }
      // Its turn is over: the others come first now.
      this.#hosts.delete(key);
      this.#hosts.set(key, host);
      host.underWay += 1;
      this.#underWay += 1;
      return found;
    }
    return null;
  }

  done(notification: Notification): void {
    const key = this.#hostOf(notification);
    const host = this.#hosts.get(key);
    this.#underWay -= 1;
    if (host === undefined) return;
    host.underWay -= 1;
    this.#forgetIdle(key, host);
  }

  #drop(queue: Map<string, Notification>, isDropped: (one: Notification) => boolean): void {
    for (const [id, notification] of queue) {
      if (!isDropped(notification)) continue;
      queue.delete(id);
      this.#waiting -= 1;
    }
  }

  #forgetIdle(key: string, { underWay, pages, rest }: Host): void {
    if (underWay + pages.size + rest.size === 0) this.#hosts.delete(key);
  }

  #host(key: string): Host {
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const host: Host = { pages: new Map(), rest: new Map(), underWay: 0 };
    this.#hosts.set(key, host);
    return host;
  }

  #first(
    queue: Map<string, Notification>,
    judge: (notification: Notification) => "take" | "wait" | "leave",
  ): Notification | null {
    let looks = 0;
    for (const [id, notification] of queue) {
      if (looks === MOST_LOOKS) break;
      looks += 1;
      const verdict = judge(notification);
      queue.delete(id);
      if (verdict === "wait") {
        // Behind the others, which are looked at next time.
        queue.set(id, notification);
        continue;
      }
      this.#waiting -= 1;
      if (verdict === "take") return notification;
    }
    return null;
  }
}
