import type { Notification, NotificationCard } from "@batchwatch/engine";
import { rowWriter, type RowWriter } from "../dialects/upsert.ts";
import type { NotificationTable } from "../schema/notification-tables.ts";

/** A row that is there already is the same message. */
export const writeNotificationOnce: RowWriter<NotificationTable> = rowWriter(
  "notification",
  ["notification_id"],
  {
    notification_id: "keep",
    incident_id: "keep",
    kind: "keep",
    channel: "keep",
    target_id: "keep",
    user_id: "keep",
    receiver: "keep",
    card: "keep",
    state: "keep",
    created_at: "keep",
    attempts: "keep",
    next_attempt_at: "keep",
    lease_owner: "keep",
    lease_until: "keep",
    due_at: "keep",
    sent_at: "keep",
    shown_at: "keep",
    seen_at: "keep",
    last_error: "keep",
  },
);

export function notificationRowOf(notification: Notification): NotificationTable {
  return {
    notification_id: notification.notificationId,
    incident_id: notification.incidentId,
    kind: notification.kind,
    channel: notification.channel,
    target_id: notification.targetId,
    user_id: notification.userId,
    receiver: notification.receiver,
    card: JSON.stringify(notification.card),
    state: notification.state,
    created_at: notification.createdAt,
    attempts: notification.attempts,
    next_attempt_at: notification.nextAttemptAt,
    lease_owner: notification.leaseOwner,
    lease_until: notification.leaseUntil,
    due_at: notification.state === "PENDING" ? dueAtOf(notification) : null,
    sent_at: notification.sentAt,
    shown_at: notification.shownAt,
    seen_at: notification.seenAt,
    last_error: notification.lastError,
  };
}

/** When a pending one may be taken: its attempt is due and its lease is over. */
function dueAtOf({ createdAt, nextAttemptAt, leaseOwner, leaseUntil }: Notification): number {
  const leased = leaseOwner === null ? 0 : (leaseUntil ?? 0);
  return Math.max(nextAttemptAt ?? createdAt, leased);
}

export function notificationOf(row: NotificationTable): Notification {
  return {
    notificationId: row.notification_id,
    incidentId: row.incident_id,
    kind: row.kind,
    channel: row.channel,
    targetId: row.target_id,
    userId: row.user_id,
    receiver: row.receiver ?? "",
    card: JSON.parse(row.card) as NotificationCard,
    state: row.state,
    createdAt: row.created_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    leaseOwner: row.lease_owner,
    leaseUntil: row.lease_until,
    sentAt: row.sent_at,
    shownAt: row.shown_at,
    seenAt: row.seen_at,
    lastError: row.last_error,
  };
}
