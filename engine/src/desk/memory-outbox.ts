import { LIMITS } from "../model/limits.ts";
import { type DeliveryState, type Notification, tellsOfAnEnd } from "../model/notification.ts";
import type { ChangeAuthor } from "../model/settings-change.ts";
import type { OutboxCounts, OutboxStore, Promised } from "../ports/incident-stores.ts";
import { StoreError } from "../ports/store-error.ts";
import type { Page } from "../ports/stores.ts";
import { type Cancelled, isCancelled } from "./send-queue.ts";
import { pageOf } from "./memory-pages.ts";

type Mark = Parameters<OutboxStore["mark"]>[1][number];

const FREE = { leaseOwner: null, leaseUntil: null } as const;

/** The outbox in memory, with the promises of the real one. */
export class MemoryOutbox implements OutboxStore {
  readonly rows: Map<string, Notification>;
  /** Whether an incident is resolved. */
  isOver: (incidentId: string) => boolean = () => false;

  constructor(rows: Map<string, Notification> = new Map()) {
    this.rows = rows;
  }

  #isMissed({ incidentId, userId, targetId }: Notification): boolean {
    if (incidentId === null || this.isOver(incidentId)) return false;
    return ![...this.rows.values()].some(
      (row) =>
        row.incidentId === incidentId &&
        row.state === "SENT" &&
        (row.targetId === targetId || (userId !== null && row.userId === userId)),
    );
  }

  /** A row that is there already is the same message. */
  put(notification: Notification): void {
    if (this.rows.has(notification.notificationId)) return;
    this.rows.set(notification.notificationId, notification);
  }

  cancel(cancelled: Cancelled): void {
    for (const row of this.rows.values()) {
      if (row.state !== "PENDING" || !isCancelled(row, [cancelled])) continue;
      this.rows.set(row.notificationId, { ...row, state: "CANCELLED", nextAttemptAt: null });
    }
  }

  async lease(
    owner: string,
    now: number,
    leaseUntil: number,
    limit: number,
  ): Promise<readonly Notification[]> {
    const due = [...this.rows.values()]
      .filter((row) => row.state === "PENDING" && isDue(row, now, leaseUntil))
      .sort((a, b) => a.createdAt - b.createdAt || (a.notificationId < b.notificationId ? -1 : 1))
      .slice(0, limit)
      .map((row) => ({ ...row, leaseOwner: owner, leaseUntil }));
    for (const row of due) this.rows.set(row.notificationId, row);
    return due;
  }

  async takeOver(owner: string): Promise<void> {
    for (const row of this.rows.values()) {
      if (row.state !== "PENDING" || row.leaseOwner === null || row.leaseOwner === owner) continue;
      this.rows.set(row.notificationId, { ...row, ...FREE });
    }
  }

  async add(notification: Notification): Promise<void> {
    this.put(notification);
  }

  async mark(owner: string, marks: readonly Mark[]): Promise<void> {
    for (const mark of marks) {
      const row = this.rows.get(mark.notificationId);
      if (row === undefined || row.leaseOwner !== owner) continue;
      this.rows.set(row.notificationId, marked(row, mark));
    }
  }

  async nextDueAt(): Promise<number | null> {
    const times = [...this.rows.values()].filter(({ state }) => state === "PENDING").map(dueAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  async receipt(
    notificationId: string,
    userId: string,
    kind: "shown" | "seen",
    at: number,
  ): Promise<boolean> {
    const row = this.rows.get(notificationId);
    if (row === undefined || row.userId !== userId) return false;
    const shownAt = row.shownAt ?? at;
    const seenAt = kind === "seen" ? (row.seenAt ?? at) : row.seenAt;
    this.rows.set(notificationId, { ...row, shownAt, seenAt });
    return true;
  }

  async get(notificationId: string): Promise<Notification | null> {
    return this.rows.get(notificationId) ?? null;
  }

  async ofIncident(incidentId: string): Promise<readonly Notification[]> {
    return [...this.rows.values()]
      .filter((row) => row.incidentId === incidentId)
      .sort((a, b) => a.createdAt - b.createdAt || (a.notificationId < b.notificationId ? -1 : 1))
      .slice(-LIMITS.incidentDeliveries);
  }

  async promised(incidentIds: readonly string[]): Promise<readonly Promised[]> {
    return [...this.rows.values()].filter(({ incidentId }) =>
      incidentIds.includes(incidentId ?? ""),
    );
  }

  async list(
    filter: { readonly states?: readonly DeliveryState[] | undefined },
    limit: number,
    cursor: string | null,
  ): Promise<Page<Notification>> {
    const wanted = [...this.rows.values()].filter(
      ({ state }) => filter.states?.includes(state) ?? true,
    );
    return pageOf(
      wanted.sort((a, b) => b.createdAt - a.createdAt),
      limit,
      cursor,
    );
  }

  async replay(notificationId: string, _by: ChangeAuthor, now: number): Promise<boolean> {
    const row = this.rows.get(notificationId);
    if (row?.state !== "DEAD") return false;
    if (!tellsOfAnEnd(row.kind) && row.incidentId !== null && this.isOver(row.incidentId)) {
      throw new StoreError("incident_over", "notificationId: its incident is over.");
    }
    const anew = { state: "PENDING", createdAt: now, nextAttemptAt: now, attempts: 0 } as const;
    this.rows.set(notificationId, { ...row, ...FREE, ...anew });
    return true;
  }

  async counts(): Promise<OutboxCounts> {
    const rows = [...this.rows.values()];
    const inState = (wanted: DeliveryState) => rows.filter(({ state }) => state === wanted);
    const promised = inState("PENDING").map(({ createdAt }) => createdAt);
    return {
      pending: promised.length,
      oldestPendingAt: promised.length === 0 ? null : Math.min(...promised),
      dead: inState("DEAD").length,
      unreached: inState("DEAD").filter((row) => this.#isMissed(row)).length,
    };
  }
}

/** Also what was promised by a clock that was set back since. */
function isDue(row: Notification, now: number, leaseUntil: number): boolean {
  const at = dueAt(row);
  const isLeasedAhead = row.leaseOwner !== null && at > leaseUntil + (leaseUntil - now);
  return at <= now || isLeasedAhead || at > leaseUntil + LIMITS.attemptWaitMs;
}

/** When it may be tried, or its lease ends. */
function dueAt(row: Notification): number {
  const due = row.nextAttemptAt ?? row.createdAt;
  return row.leaseOwner === null ? due : Math.max(due, row.leaseUntil ?? 0);
}

function marked(row: Notification, mark: Mark): Notification {
  const attempts = row.attempts + 1;
  if (mark.type === "sent") {
    return {
      ...row,
      ...FREE,
      attempts,
      state: "SENT",
      sentAt: mark.at,
      nextAttemptAt: null,
      lastError: null,
    };
  }
  const { error: lastError, nextAttemptAt } = mark;
  if (row.state === "CANCELLED") return { ...row, ...FREE, attempts, lastError };
  const state = nextAttemptAt === null ? "DEAD" : "PENDING";
  return { ...row, ...FREE, attempts, lastError, nextAttemptAt, state };
}
