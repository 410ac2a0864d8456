import { createHmac, timingSafeEqual } from "node:crypto";
import { API_LIMITS } from "../options.ts";
import type { Seal } from "./seal.ts";

/** What a one-tap link stands for. */
export interface AckClaim {
  readonly notificationId: string;
  readonly incidentId: string;
  /** Epoch milliseconds; a whole second. */
  readonly expiresAt: number;
}

const USE = "ack link";
const MOST_LENGTH = 1_000;

/**
 * Signed one-tap links: `<claim>.<signature>`, both base64url. Whoever holds one may acknowledge this one incident in the name of
 * who was told by this notification, until it expires.
 */
export class AckTokens {
  readonly #seal: Seal;

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  /** The same claim gives the same token, so that a message sent again is the same message. */
  make(claim: AckClaim): string {
    const { notificationId, incidentId, expiresAt } = claim;
    const text = JSON.stringify([notificationId, incidentId, Math.floor(expiresAt / 1_000)]);
    const body = Buffer.from(text).toString("base64url");
    return `${body}.${sign(this.#seal.derive(USE), body)}`;
  }

  /** Null: it is none of ours, or was changed. `expired` says that it was ours. */
  read(token: string, now: number): (AckClaim & { readonly expired: boolean }) | null {
    const [body, signature, ...more] = token.split(".");
    if (body === undefined || signature === undefined || more.length > 0) return null;
    if (token.length > MOST_LENGTH || !this.#isOurs(body, signature, now)) return null;
    // Only what we signed comes here.
    const [notificationId, incidentId, seconds] = JSON.parse(
      Buffer.from(body, "base64url").toString("utf8"),
    ) as [string, string, number];
    const expiresAt = seconds * 1_000;
    return { notificationId, incidentId, expiresAt, expired: now >= expiresAt };
  }

  /** A link outlives a change of the key by its own life, and no longer: whoever has an old key signs nothing for ever. */
  #isOurs(body: string, signature: string, now: number): boolean {
    const keys = this.#seal.deriveSince(USE, now - API_LIMITS.ackLinkMs);
    return keys.some((key) => same(signature, sign(key, body)));
  }
}

function sign(key: Buffer, body: string): string {
  return createHmac("sha256", key).update(body).digest("base64url");
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
