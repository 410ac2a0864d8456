import type { PairedDevice, SessionStore, StoredSession } from "@batchwatch/engine";
import { randomUUID } from "node:crypto";
import { API_LIMITS } from "../options.ts";
import type { AccessGrant, AccessTokens } from "./access-token.ts";
import { looksLikeRefreshToken, newRefreshToken, nextRefreshToken } from "./refresh-token.ts";
import type { Seal } from "./seal.ts";
import { hashSecret } from "./secrets.ts";
import type { Unheard } from "./unheard.ts";

export interface SessionParts {
  readonly store: SessionStore;
  readonly tokens: AccessTokens;
  readonly seal: Seal;
  readonly unheard: Unheard;
  /** Looks at the store again, so that what has begun or ended counts at once. */
  readonly changed: () => Promise<void>;
  readonly now: () => number;
}

/** What a browser is given. `refreshToken` null: it keeps the one it has. */
export interface Granted {
  readonly grant: AccessGrant;
  readonly refreshToken: string | null;
}

/** Browser sessions: how they begin, go on and end. */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** @param label what kind of browser, as people know it */
  async begin(userId: string, method: StoredSession["method"], label: string): Promise<Granted> {
    const { store, changed, now } = this.#parts;
    const at = now();
    const session: StoredSession = {
      sessionId: randomUUID(),
      userId,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: at + API_LIMITS.sessionMs,
      label: label.slice(0, 100),
      method,
    };
    const refreshToken = newRefreshToken();
    await store.add(session, hashSecret(refreshToken), { at, method });
    await changed();
    return { grant: (await this.#grant(session)).grant, refreshToken };
  }

  /** Null: the session is over, or its token came back as a copy and it is over now. */
  async goOn(refreshToken: string): Promise<Granted | null> {
    const { store, seal, unheard, changed, now } = this.#parts;
    if (!looksLikeRefreshToken(refreshToken)) return null;
    const next = nextRefreshToken(seal, refreshToken);
    const { outcome, session } = await store.rotate(
      hashSecret(refreshToken),
      hashSecret(next),
      now(),
    );
    if (outcome === "reused") await changed();
    if (session === null || outcome === "gone" || outcome === "reused") return null;
    const isLost = outcome === "again" && unheard.isUnheard(session.sessionId, now());
    const { grant, tokenId } = await this.#grant(session);
    if (outcome === "again" && !isLost) return { grant, refreshToken: null };
    unheard.answered(session.sessionId, tokenId, now());
    return { grant, refreshToken: next };
  }

  /** The person signs out in this browser, and is woken in it no more: `endpoint` is its push subscription, where it says one. */
  async end(refreshToken: string, endpoint: string | null): Promise<void> {
    const { store, changed, now } = this.#parts;
    if (!looksLikeRefreshToken(refreshToken)) return;
    // To whose session it belongs only a rotation tells; nobody gets what comes next.
    const { outcome, session } = await store.rotate(
      hashSecret(refreshToken),
      hashSecret(newRefreshToken()),
      now(),
    );
    if (session === null) return;
    if (outcome !== "reused") {
      await store.end(session.sessionId, "sign-out", session.userId, now(), endpoint);
    }
    await changed();
  }

  /** An access token for a paired device that has said who it is. */
  async ofDevice(device: PairedDevice): Promise<AccessGrant> {
    const { store, tokens, now } = this.#parts;
    const { deviceId, userId, goodUntil } = device;
    await store.deviceUsed(deviceId, now());
    const made = await tokens.make({ userId, of: "device", id: deviceId }, now(), goodUntil);
    return { accessToken: made.accessToken, expiresAt: made.expiresAt };
  }

  async #grant({
    sessionId,
    userId,
    expiresAt: notAfter,
  }: StoredSession): Promise<{ readonly grant: AccessGrant; readonly tokenId: string }> {
    const { tokens, now } = this.#parts;
    const claims = { userId, of: "session", id: sessionId } as const;
    const { accessToken, expiresAt, tokenId } = await tokens.make(claims, now(), notAfter);
    return { grant: { accessToken, expiresAt }, tokenId };
  }
}
