import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A receiver's secret: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString("base64")}`;
}

/** Whether a text has the form of such a secret; 24 to 64 bytes, as Standard Webhooks asks. */
export function isWebhookSecret(text: string): boolean {
  const base64 = text.slice(PREFIX.length);
  const bytes = Buffer.from(base64, "base64");
  const exact = bytes.toString("base64") === base64;
  return text.startsWith(PREFIX) && exact && bytes.length >= 24 && bytes.length <= 64;
}

/**
 * Headers that prove who sent a body and when (Standard Webhooks 1.0): HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param id the same whenever the same message is sent again
 * @param now epoch milliseconds
 */
export function signedHeaders(
  secret: string,
  id: string,
  now: number,
  body: Buffer,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key)
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
