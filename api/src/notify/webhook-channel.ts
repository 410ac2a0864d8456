import { LIMITS, type Notification, type SendOutcome, type Webhook } from "@batchwatch/engine";
import type { AckTokens } from "../auth/ack-token.ts";
import { webhookPurpose } from "../auth/purposes.ts";
import { type Seal, SealError } from "../auth/seal.ts";
import { outcomeOf } from "./http-outcome.ts";
import { ackLinkOf, linkOf } from "./links.ts";
import type { Outbound } from "./outbound.ts";
import { signedHeaders } from "./standard-webhook.ts";

export interface WebhookChannelOptions {
  readonly outbound: Outbound;
  readonly seal: Seal;
  readonly tokens: AckTokens;
  readonly publicUrl: () => string;
  readonly now: () => number;
}

/** What nobody but the receiver should know: where it is called, as the path is often a secret too, and what it verifies with. */
export interface WebhookSecrets {
  readonly url: string;
  /** `whsec_…` */
  readonly secret: string;
}

/** The row of a new webhook; its address is kept in clear as far as people may see it. */
export function sealedWebhook(
  seal: Seal,
  row: Omit<Webhook, "url" | "sealedSecret">,
  secrets: WebhookSecrets,
): Webhook {
  return {
    ...row,
    url: new URL(secrets.url).origin,
    sealedSecret: seal.seal(webhookPurpose(row.webhookId), JSON.stringify(secrets)),
  };
}

/**
 * The body: `{type, timestamp, data}` with the incident card as `data`, and `notificationId`, `link` and `ackUrl` beside it.
 * The same notification gives the same bytes.
 */
function webhookBody(
  notification: Notification,
  links: { readonly link: string; readonly ackUrl: string | null },
): Buffer {
  const { card, kind, incidentId, notificationId, createdAt } = notification;
  return Buffer.from(
    JSON.stringify({
      type: `${incidentId === null ? "delivery" : "incident"}.${kind}`,
      timestamp: new Date(createdAt).toISOString(),
      data: { ...card, notificationId, ...links },
    }),
  );
}

/** Sends to webhooks; 404 and 410 are refusals too, as only a person takes a webhook away. */
export class WebhookChannel {
  readonly #options: WebhookChannelOptions;
  /** Opened once, by their webhook: many pages may go at once. */
  readonly #opened = new Map<
    string,
    { readonly sealed: string; readonly secrets: WebhookSecrets }
  >();

  constructor(options: WebhookChannelOptions) {
    this.#options = options;
  }

  async send(notification: Notification, webhook: Webhook): Promise<SendOutcome> {
    const { outbound, tokens, publicUrl, now } = this.#options;
    let secrets: WebhookSecrets;
    try {
      secrets = this.#secretsOf(webhook);
    } catch (error) {
      if (error instanceof SealError) return { type: "refused", error: error.message };
      throw error;
    }
    const body = webhookBody(notification, {
      link: linkOf(publicUrl(), notification),
      ackUrl: ackLinkOf(publicUrl(), tokens, notification),
    });
    const result = await outbound.send({
      url: secrets.url,
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...signedHeaders(secrets.secret, notification.notificationId, now(), body),
      },
      body,
    });
    return outcomeOf(result, webhook.name);
  }

  /** Fails with {@link SealError}. */
  #secretsOf({ webhookId, sealedSecret: sealed }: Webhook): WebhookSecrets {
    const known = this.#opened.get(webhookId);
    if (known?.sealed === sealed) return known.secrets;
    const text = this.#options.seal.open(webhookPurpose(webhookId), sealed);
    const secrets = JSON.parse(text) as WebhookSecrets;
    if (this.#opened.size >= LIMITS.webhooks) this.#opened.clear();
    this.#opened.set(webhookId, { sealed, secrets });
    return secrets;
  }
}
