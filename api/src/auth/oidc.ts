import type { SessionStore, User } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type OidcProvider, OidcUnavailableError } from "./oidc-provider.ts";
import type { Seal } from "./seal.ts";
import { SealError } from "./seal.ts";

const PURPOSE = "oidc sign-in";
const SCOPE = "openid email";

export interface OidcParts {
  readonly provider: OidcProvider;
  readonly issuer: string;
  readonly sessions: Pick<SessionStore, "userOfSubject" | "linkSubject">;
  readonly users: () => readonly User[];
  readonly seal: Seal;
  /** The address people open; where the provider leads back to is below it. */
  readonly publicUrl: () => string;
  readonly now: () => number;
}

/** `failed`: what came back is not what was begun here, or not to be believed. `unknown_user`: it is, and nobody here is meant. */
export type OidcOutcome =
  | { readonly type: "user"; readonly userId: string }
  | { readonly type: "failed"; readonly why: string }
  | { readonly type: "unknown_user" };

interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

/** Sign-in at an identity provider: authorization code with PKCE (S256), state and nonce (OpenID Connect Core 1.0, RFC 9700). */
export class Oidc {
  readonly #parts: OidcParts;

  constructor(parts: OidcParts) {
    this.#parts = parts;
  }

  /** What the sign-in screen calls it: the provider's host. */
  get name(): string {
    return new URL(this.#parts.issuer).host;
  }

  /** Where to send the browser, and what it keeps, sealed, until it comes back. Fails with `OidcUnavailableError`. */
  async begin(): Promise<{ readonly location: string; readonly kept: string }> {
    const { provider, seal, now } = this.#parts;
    const { client, config } = await provider.get();
    const begun: Begun = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      until: now() + API_LIMITS.oidcSignInMs,
    };
    const location = client.buildAuthorizationUrl(config, {
      redirect_uri: this.#redirectUri,
      scope: SCOPE,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: "S256",
    });
    return { location: location.href, kept: seal.seal(PURPOSE, JSON.stringify(begun)) };
  }

  /**
   * @param search the query that the browser was sent back with, `?` first
   * @param kept what {@link begin} gave it; null: it brings nothing
   * Fails with `OidcUnavailableError` when the provider does not answer.
   */
  async complete(search: string, kept: string | null): Promise<OidcOutcome> {
    const begun = this.#begun(kept);
    if (begun === null) return { type: "failed", why: "begun elsewhere or too long ago" };
    const claims = await this.#claims(search, begun);
    if (typeof claims === "string") return { type: "failed", why: claims };
    return this.#userOf(claims);
  }

  get #redirectUri(): string {
    return `${this.#parts.publicUrl()}/auth/oidc/callback`;
  }

  #begun(kept: string | null): Begun | null {
    if (kept === null) return null;
    const { seal, now } = this.#parts;
    try {
      const begun = JSON.parse(seal.open(PURPOSE, kept)) as Begun;
      return begun.until > now() ? begun : null;
    } catch (error) {
      if (error instanceof SealError) return null;
      throw error;
    }
  }

  async #claims(search: string, begun: Begun): Promise<Claims | string> {
    const { provider } = this.#parts;
    const { client, config } = await provider.get();
    try {
      const answer = await client.authorizationCodeGrant(
        config,
        new URL(`${this.#redirectUri}${search}`),
        {
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          pkceCodeVerifier: begun.verifier,
          idTokenExpected: true,
        },
      );
      const claims = answer.claims();
      return claims ?? "no ID token";
    } catch (error) {
      if (isAway(error)) throw provider.failed(error);
      return codeOf(error);
    }
  }

  /**
   * Whom the provider means: the user who is linked to this subject. Nobody is: a user who was added for this, whose name is the address that the provider
   * says it has verified, and to whose account nobody has got in before, is linked to it, once and for good (docs/007).
   */
  async #userOf(claims: Claims): Promise<OidcOutcome> {
    const { issuer, sessions, users, now } = this.#parts;
    const { sub } = claims;
    if (sub.length === 0 || sub.length > 255) return { type: "failed", why: "no usable subject" };
    const linked = await sessions.userOfSubject(issuer, sub);
    if (linked !== null) {
      const isThere = users().some(({ userId }) => userId === linked);
      return isThere ? { type: "user", userId: linked } : { type: "unknown_user" };
    }
    const { email } = claims;
    if (typeof email !== "string" || claims["email_verified"] !== true) {
      return { type: "unknown_user" };
    }
    const meant = users().filter(({ name }) => name.toLowerCase() === email.toLowerCase());
    const [user] = meant;
    if (user === undefined || meant.length > 1) return { type: "unknown_user" };
    const isLinked = await sessions.linkSubject(issuer, sub, user.userId, "service", now());
    return isLinked ? { type: "user", userId: user.userId } : { type: "unknown_user" };
  }
}

interface Claims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** The provider did not answer, which is nobody's fault here; everything else is about what was sent. */
function isAway(error: unknown): boolean {
  if (error instanceof OidcUnavailableError) return true;
  const code = codeOf(error);
  return code === "OAUTH_TIMEOUT" || code === "OAUTH_HTTP_REQUEST_FAILED" || isFetchFailure(error);
}

function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && error.message === "fetch failed";
}

/** What a provider may say (RFC 6749 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6, RFC 9207). Anybody can write the address it comes in. */
const SAID: ReadonlySet<string> = new Set([
  "invalid_request",
  "unauthorized_client",
  "access_denied",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
  "interaction_required",
  "login_required",
  "account_selection_required",
  "consent_required",
  "invalid_request_uri",
  "invalid_request_object",
  "request_not_supported",
  "request_uri_not_supported",
  "registration_not_supported",
  "invalid_client",
  "invalid_grant",
  "unsupported_grant_type",
]);

/** Of a fixed list, as it is recorded: no words of whoever sends the browser here. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "other";
  if ("error" in error && typeof error.error === "string") {
    return SAID.has(error.error) ? error.error : "other";
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(OAUTH|ERR)_[A-Z_]{1,60}$/.test(code) ? code : "other";
}
