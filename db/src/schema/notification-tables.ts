import type { Channel, DeliveryState, NotificationKind } from "@batchwatch/engine";

/** The outbox: `Notification`, column by column. */
export interface NotificationTable {
  readonly notification_id: string;
  readonly incident_id: string | null;
  readonly kind: NotificationKind;
  readonly channel: Channel;
  readonly target_id: string;
  readonly user_id: string | null;
  readonly receiver: string | null;
  /** JSON of the card. */
  readonly card: string;
  readonly state: DeliveryState;
  readonly created_at: number;
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  readonly lease_owner: string | null;
  readonly lease_until: number | null;
  /** When somebody may take it: its attempt is due and its lease is over; null unless it is pending. */
  readonly due_at: number | null;
  readonly sent_at: number | null;
  readonly shown_at: number | null;
  readonly seen_at: number | null;
  readonly last_error: string | null;
}
