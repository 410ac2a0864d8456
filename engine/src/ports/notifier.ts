import type { Notification } from "../model/notification.ts";

/**
 * What became of one attempt. `gone`: the receiver does not exist any more. `refused`: trying again is in vain until somebody
 * changes something. `failed`: it may work later; `retryAfterMs` is what the receiver asked for.
 */
export type SendOutcome =
  | { readonly type: "sent" }
  | { readonly type: "gone"; readonly error: string }
  | { readonly type: "refused"; readonly error: string }
  | { readonly type: "failed"; readonly error: string; readonly retryAfterMs: number | null };

/** Sends one notification, within its own time limit; never throws. */
export interface Notifier {
  send(notification: Notification): Promise<SendOutcome>;
}
