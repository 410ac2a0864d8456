import type {
  Notification,
  Notifier,
  PushSubscriptionRow,
  ReceiverStore,
  SendOutcome,
  Webhook,
} from "@batchwatch/engine";
import { AckTokens } from "../auth/ack-token.ts";
import type { Seal } from "../auth/seal.ts";
import type { Outbound } from "./outbound.ts";
import { PushChannel } from "./push-channel.ts";
import type { Vapid } from "./vapid.ts";
import { WebhookChannel } from "./webhook-channel.ts";

/** Devices and webhooks in memory; the receiver directory is one. */
export interface KnownReceivers {
  subscription(subscriptionId: string): PushSubscriptionRow | null;
  webhook(webhookId: string): Webhook | null;
}

export interface NotifierOptions {
  readonly known: KnownReceivers;
  readonly receivers: Pick<ReceiverStore, "subscriptions" | "webhooks" | "trouble" | "sent">;
  /** One for each list of allowed hosts. */
  readonly outbound: { readonly webhook: Outbound; readonly push: Outbound };
  /** Null with the reason, where nothing can be sent by push: switched off, or its keys cannot be opened. */
  readonly vapid: Vapid | { readonly unavailable: string };
  readonly seal: Seal;
  /** The address people open; known only once the server listens. */
  readonly publicUrl: () => string;
  /** How many incidents need this person, for the app's icon; null: not known. */
  readonly badge: (userId: string) => number | null;
  /** IANA zone of devices that have not said theirs. */
  readonly zone: string;
  readonly now: () => number;
  /** What went wrong beside the sending itself; without secrets, fit for a log. */
  readonly onError: (error: unknown) => void;
}

/**
 * Sends each notification by its channel. A receiver that the store does not have (any more) is `gone`; memory alone does not say so,
 * because what is gone is deleted.
 */
export function makeNotifier(options: NotifierOptions): Notifier {
  const { known, receivers, outbound, vapid, seal, publicUrl, badge, zone, now, onError } = options;
  const tokens = new AckTokens(seal);
  const webhooks = new WebhookChannel({ outbound: outbound.webhook, seal, tokens, publicUrl, now });
  const push =
    "unavailable" in vapid
      ? vapid.unavailable
      : new PushChannel({
          outbound: outbound.push,
          vapid,
          receivers,
          publicUrl,
          badge,
          zone,
          now,
          onError,
        });

  async function send(notification: Notification): Promise<SendOutcome> {
    const { channel, targetId, receiver } = notification;
    switch (channel) {
      case "webhook": {
        const webhook =
          known.webhook(targetId) ??
          (await receivers.webhooks()).find((one) => one.webhookId === targetId);
        if (webhook !== undefined) return webhooks.send(notification, webhook);
        return { type: "gone", error: `The webhook ${receiver} was removed.` };
      }
      case "webpush": {
        if (typeof push === "string") return { type: "refused", error: push };
        const device =
          known.subscription(targetId) ??
          (await receivers.subscriptions()).find((one) => one.subscriptionId === targetId);
        if (device !== undefined) return push.send(notification, device);
        return { type: "gone", error: "The device was removed." };
      }
    }
  }

  return {
    async send(notification) {
      try {
        return await send(notification);
      } catch (error) {
        onError(error);
        return {
          type: "failed",
          error: "Batchwatch could not prepare this message; its log says why.",
          retryAfterMs: null,
        };
      }
    },
  };
}
