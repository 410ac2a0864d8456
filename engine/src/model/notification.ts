import type { Severity } from "./incident.ts";

const CHANNELS = ["webpush", "webhook"] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * `page` wakes; the others inform: `update` (it changed), `reminder` ("Still yours?"), `recovered`, `retracted`,
 * `test` (asked for by its receiver), `canary`, `approval` (a change waits for a second person), `break-glass` (somebody changed something
 * alone; it wakes).
 */
export const NOTIFICATION_KINDS = [
  "page",
  "update",
  "reminder",
  "recovered",
  "retracted",
  "test",
  "canary",
  "approval",
  "break-glass",
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What the newest step of its incident may overtake; what tells of an end is never overtaken. */
export const OVERTAKEN_KINDS: readonly NotificationKind[] = ["page", "reminder"];

/** Still so once its incident is over. */
export function tellsOfAnEnd(kind: NotificationKind): boolean {
  return kind === "recovered" || kind === "retracted";
}

export const DELIVERY_STATES = ["PENDING", "SENT", "DEAD", "CANCELLED"] as const;
/** `DEAD`: refused for good or given up; it can be sent again by hand. `CANCELLED`: not needed any more. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The masked incident card that travels with a notification and can be read without a network. At most 2,500 bytes of JSON. */
export interface NotificationCard {
  readonly incidentId: string | null;
  readonly version: number;
  readonly kind: NotificationKind;
  readonly severity: Severity;
  /** Title at most 60, body at most 120 characters (ux.md, Notifications). */
  readonly title: string;
  readonly body: string;
  readonly jobId: string | null;
  readonly jobName: string;
  readonly executionId: string | null;
  /** FAILED, MISSED, STALLED … as the incident's cause kind. */
  readonly cause: string;
  /** The job's own words, at most 200 characters. */
  readonly message: string | null;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly jobs: number;
  readonly firstStep: string | null;
  readonly runbookUrl: string | null;
  /** Who has it. */
  readonly acknowledgedBy: string | null;
  /** When the next person is paged, ISO 8601 UTC; null: nobody. */
  readonly nextAt: string | null;
  readonly nextPerson: string | null;
  /** The part of its incident whose message it takes the place of on the device; absent: its incident's own. */
  readonly replaces?: string;
  /** The change request that it is about; absent: none. */
  readonly requestId?: string;
}

/** One message, one receiver, one channel: a row of the outbox. Times are epoch milliseconds. */
export interface Notification {
  /** Stable on the wire: webhook-id, push topic and tag. */
  readonly notificationId: string;
  /** Null for tests, the canary and what is about a change request. */
  readonly incidentId: string | null;
  readonly kind: NotificationKind;
  readonly channel: Channel;
  /** Push subscription id or webhook id. */
  readonly targetId: string;
  /** Null for a webhook. */
  readonly userId: string | null;
  /** The receiver as people read it: a person's name, a webhook's name. */
  readonly receiver: string;
  readonly card: NotificationCard;
  readonly state: DeliveryState;
  readonly createdAt: number;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  readonly sentAt: number | null;
  /** Receipts: shown by the device, opened by the person. */
  readonly shownAt: number | null;
  readonly seenAt: number | null;
  /** Why the last attempt failed, in words without secrets. */
  readonly lastError: string | null;
}

/** A browser that agreed to be woken. */
export interface PushSubscriptionRow {
  readonly subscriptionId: string;
  readonly userId: string;
  readonly endpoint: string;
  /** Base64url, uncompressed P-256 point. */
  readonly p256dh: string;
  /** Base64url, 16 bytes. */
  readonly auth: string;
  /** As its owner reads it, for example "Chrome on Android". */
  readonly label: string;
  /** Lock-screen text says nothing of jobs. */
  readonly isPrivate: boolean;
  readonly createdAt: number;
  readonly lastSentAt: number | null;
  readonly lastShownAt: number | null;
  /** A refusal that its owner or an administrator must look at; null while it works. */
  readonly trouble: string | null;
  /** When its owner agreed to be woken on it, and to which version of the words; null: before that was recorded. */
  readonly consentAt: number | null;
  readonly consentWords: string | null;
  /** IANA zone that its browser was in when it subscribed; null: it did not say. */
  readonly zone: string | null;
}

export interface Webhook {
  readonly webhookId: string;
  readonly name: string;
  /** As people may see it: scheme, host and port. The whole address is in `sealedSecret`. */
  readonly url: string;
  /** Address and signing secret, sealed by the composition root; the store never sees them in clear. */
  readonly sealedSecret: string;
  /** Null: incidents of every team. */
  readonly teamId: string | null;
  readonly createdAt: number;
}
