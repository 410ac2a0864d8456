import { createHmac, timingSafeEqual } from "node:crypto";
import type { Seal } from "./seal.ts";

/** What a one-tap link stands for. */
export interface AckClaim {
  readonly notificationId: string;
  readonly incidentId: string;
  /** Epoch milliseconds; a whole second. */
  readonly expiresAt: number;
}

const MOST_LENGTH = 1_000;

/**
 * Signed one-tap links: `<claim>.<signature>`, both base64url. Whoever holds one may acknowledge this one incident in the name of
 * who was told by this notification, until it expires.
 */
export class AckTokens {
  readonly #key: Buffer;

  constructor(seal: Seal) {
    this.#key = seal.derive("ack link");
  }

  /** The same claim gives the same token, so that a message sent again is the same message. */
  make(claim: AckClaim): string {
    const { notificationId, incidentId, expiresAt } = claim;
    const text = JSON.stringify([notificationId, incidentId, Math.floor(expiresAt / 1_000)]);
    const body = Buffer.from(text).toString("base64url");
    return `${body}.${this.#sign(body)}`;
  }

  /** Null: it is none of ours, or was changed. `expired` says that it was ours. */
  read(token: string, now: number): (AckClaim & { readonly expired: boolean }) | null {
    const [body, signature, ...more] = token.split(".");
    if (body === undefined || signature === undefined || more.length > 0) return null;
    if (token.length > MOST_LENGTH || !same(signature, this.#sign(body))) return null;
    // Only what we signed comes here.
    const [notificationId, incidentId, seconds] = JSON.parse(
      Buffer.from(body, "base64url").toString("utf8"),
    ) as [string, string, number];
    const expiresAt = seconds * 1_000;
    return { notificationId, incidentId, expiresAt, expired: now >= expiresAt };
  }

  #sign(body: string): string {
    return createHmac("sha256", this.#key).update(body).digest("base64url");
  }
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
