import type webpush from "web-push";
import type {
  Notification,
  PushSubscriptionRow,
  ReceiverStore,
  SendOutcome,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { outcomeOf } from "./http-outcome.ts";
import { webPush } from "./late-libraries.ts";
import { linkOf, topicOf } from "./links.ts";
import type { Outbound, OutboundResult } from "./outbound.ts";
import { pushPayload } from "./push-payload.ts";
import type { Vapid } from "./vapid.ts";

export interface PushChannelOptions {
  readonly outbound: Outbound;
  readonly vapid: Vapid;
  readonly receivers: Pick<ReceiverStore, "trouble" | "sent">;
  readonly publicUrl: () => string;
  /** Open incidents of a person, for the app's icon; null: not known. */
  readonly badge: (userId: string) => number | null;
  readonly now: () => number;
  /** What a push service said could not be noted; the message went its way all the same. */
  readonly onError: (error: unknown) => void;
}

const TTL_SECONDS: Readonly<Record<Notification["kind"], number>> = {
  page: API_LIMITS.pushPageTtlSeconds,
  update: API_LIMITS.pushPageTtlSeconds,
  reminder: API_LIMITS.pushPageTtlSeconds,
  recovered: API_LIMITS.pushEndTtlSeconds,
  retracted: API_LIMITS.pushEndTtlSeconds,
  test: API_LIMITS.pushTestTtlSeconds,
  canary: API_LIMITS.pushTestTtlSeconds,
  approval: API_LIMITS.pushEndTtlSeconds,
  "break-glass": API_LIMITS.pushPageTtlSeconds,
};

/** What must not wait until a phone's battery likes it: what wakes, and what is asked for to see whether it wakes. */
const URGENT: ReadonlySet<Notification["kind"]> = new Set([
  "page",
  "reminder",
  "test",
  "canary",
  "break-glass",
]);

/** Wakes browsers by their push services (RFC 8030), with messages that only the browser can read (RFC 8291). */
export class PushChannel {
  readonly #options: PushChannelOptions;

  constructor(options: PushChannelOptions) {
    this.#options = options;
  }

  async send(notification: Notification, device: PushSubscriptionRow): Promise<SendOutcome> {
    const { vapid, now } = this.#options;
    const endpoint = URL.canParse(device.endpoint) ? new URL(device.endpoint) : null;
    const trouble = endpoint === null ? null : vapid.troubleWith(endpoint);
    if (trouble !== null) return this.#refused(device, trouble);
    const first = await this.#call(notification, device, API_LIMITS.pushTextBytes);
    const result =
      first.type === "answered" && first.status === 413
        ? await this.#call(notification, device, API_LIMITS.pushShortTextBytes)
        : first;
    if (result.type === "unusable") return this.#refused(device, result.error);
    const host = endpoint?.host ?? "the push service";
    const outcome = this.#meant(result, host);
    if (outcome.type === "sent") {
      await this.#note(async (receivers) => {
        await receivers.sent(device.subscriptionId, now());
        if (device.trouble !== null) await receivers.trouble(device.subscriptionId, null);
      });
    }
    return outcome.type === "refused" ? this.#refused(device, outcome.error) : outcome;
  }

  /** 404 and 410 end a subscription; what else is refused is a matter of configuration, and the subscription stays. */
  #meant(result: OutboundResult, host: string): SendOutcome {
    if (result.type === "answered" && (result.status === 404 || result.status === 410)) {
      return {
        type: "gone",
        error: `${host} answered ${result.status}: this device has unsubscribed`,
      };
    }
    const outcome = outcomeOf(result, host);
    const isAboutUs = result.type === "answered" && [400, 401, 403].includes(result.status);
    if (outcome.type !== "refused" || !isAboutUs) return outcome;
    const why =
      this.#options.vapid.subjectMissing ??
      "subscribe this device again, or look at the clock and the keys of Batchwatch";
    return { type: "refused", error: `${outcome.error} and does not know us: ${why}` };
  }

  async #refused(device: PushSubscriptionRow, error: string): Promise<SendOutcome> {
    if (device.trouble !== error) {
      await this.#note((to) => to.trouble(device.subscriptionId, error));
    }
    return { type: "refused", error };
  }

  async #note(write: (receivers: PushChannelOptions["receivers"]) => Promise<void>): Promise<void> {
    try {
      await write(this.#options.receivers);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #call(
    notification: Notification,
    device: PushSubscriptionRow,
    bytes: number,
  ): Promise<OutboundResult | { readonly type: "unusable"; readonly error: string }> {
    const { outbound, vapid, publicUrl, badge, now } = this.#options;
    const { userId, kind } = notification;
    const topic = topicOf(notification);
    const plain = pushPayload(notification, {
      link: linkOf(publicUrl(), notification),
      tag: topic,
      isPrivate: device.isPrivate,
      badge: userId === null ? null : badge(userId),
      bytes,
    });
    let request: webpush.RequestDetails;
    try {
      const { endpoint, p256dh, auth } = device;
      request = webPush().generateRequestDetails({ endpoint, keys: { p256dh, auth } }, plain, {
        TTL: TTL_SECONDS[kind],
        urgency: URGENT.has(kind) ? "high" : "normal",
        topic,
        headers: { Authorization: vapid.authorization(new URL(endpoint), now()) },
      });
    } catch {
      // The library's words may quote the keys.
      return { type: "unusable", error: "the keys of this device cannot be used: subscribe again" };
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return outbound.send({ url: device.endpoint, method: "POST", headers, body: request.body });
  }
}
