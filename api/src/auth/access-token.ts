import { randomUUID } from "node:crypto";
import { errors, jwtVerify, type JWTVerifyResult, SignJWT } from "jose";
import { API_LIMITS } from "../options.ts";
import type { Seal } from "./seal.ts";

const USE = "access token";
const ALGORITHM = "HS256";
const TYPE = "at+jwt";
const AUDIENCE = "batchwatch";

/** Whom an access token speaks for: a browser's session, or a paired device. */
export interface AccessClaims {
  readonly userId: string;
  readonly of: "session" | "device";
  /** The session's or the device's id. */
  readonly id: string;
  /** This token's own id. */
  readonly tokenId: string;
  /** Epoch milliseconds; a whole second. */
  readonly expiresAt: number;
}

/** What sign-in and refresh answer. */
export interface AccessGrant {
  readonly accessToken: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
}

/**
 * Access tokens (JWT, RFC 7519 and 9068): short-lived, in memory only, signed with a key that is derived from the secret file. One algorithm, one
 * type, one audience, this store as issuer, and the key's id: nothing of a token's header chooses how it is verified. That a token is
 * good says only that we made it; whether its session still is, the directory knows.
 */
export class AccessTokens {
  readonly #seal: Seal;
  readonly #issuer: string;
  readonly #lifeMs: number;

  /**
   * @param storeId another store with the same secret file is another issuer
   * @param lifeMs at most the options' `accessTokenMs`
   */
  constructor(seal: Seal, storeId: string, lifeMs: number = API_LIMITS.accessTokenMs) {
    this.#seal = seal;
    this.#lifeMs = Math.min(lifeMs, API_LIMITS.accessTokenMs);
    this.#issuer = `urn:batchwatch:${storeId}`;
  }

  /** @param notAfter when what it speaks for ends, epoch ms: no token lives longer */
  async make(
    claims: Pick<AccessClaims, "userId" | "of" | "id">,
    now: number,
    notAfter: number,
  ): Promise<AccessGrant & { readonly tokenId: string }> {
    const issuedAt = Math.floor(now / 1_000);
    const expiresAt = Math.floor(Math.min(now + this.#lifeMs, notAfter) / 1_000);
    const tokenId = randomUUID();
    const accessToken = await new SignJWT({ [KEY_OF[claims.of]]: claims.id })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: this.#seal.keyId })
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setSubject(claims.userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .setJti(tokenId)
      .sign(this.#seal.derive(USE));
    return { accessToken, expiresAt: new Date(expiresAt * 1_000).toISOString(), tokenId };
  }

  /** Null: it is none of ours, was changed, has expired, or is for something else. */
  async read(token: string, now: number): Promise<AccessClaims | null> {
    if (token.length > API_LIMITS.credentialHeaderLength) return null;
    try {
      const { payload, protectedHeader } = await this.#verify(token, now);
      const { sub, sid, did, jti, exp, iat } = payload;
      if (protectedHeader.kid !== this.#seal.keyId) return null;
      if (typeof sub !== "string" || typeof jti !== "string") return null;
      if (typeof exp !== "number" || typeof iat !== "number") return null;
      // `exp` alone would let through what was made for years.
      if (exp - iat > API_LIMITS.accessTokenMs / 1_000) return null;
      if (iat > now / 1_000 + API_LIMITS.clockToleranceSeconds) return null;
      const common = { userId: sub, tokenId: jti, expiresAt: exp * 1_000 };
      if (typeof sid === "string" && did === undefined) {
        return { ...common, of: "session", id: sid };
      }
      if (typeof did === "string" && sid === undefined) return { ...common, of: "device", id: did };
      return null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  /** Whether it is one of ours whose time is over: what a page that was asleep sends before it asks for the next. */
  async isLapsed(token: string, now: number): Promise<boolean> {
    if (token.length > API_LIMITS.credentialHeaderLength) return false;
    try {
      await this.#verify(token, now);
      return false;
    } catch (error) {
      if (error instanceof errors.JOSEError) return error instanceof errors.JWTExpired;
      throw error;
    }
  }

  /** Signature first, then what it says; its time is looked at last. */
  #verify(token: string, now: number): Promise<JWTVerifyResult> {
    return jwtVerify(token, this.#seal.derive(USE), {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: this.#issuer,
      audience: AUDIENCE,
      clockTolerance: API_LIMITS.clockToleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ["sub", "iat", "exp", "jti"],
    });
  }
}

const KEY_OF = { session: "sid", device: "did" } as const;
