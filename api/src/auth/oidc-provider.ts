import type * as OpenidClient from "openid-client";
import { API_LIMITS } from "../options.ts";

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
}

/** The library and what the provider says of itself. */
export interface KnownProvider {
  readonly client: typeof OpenidClient;
  readonly config: OpenidClient.Configuration;
}

/** The provider does not answer, or what it says of itself is not what was set. */
export class OidcUnavailableError extends Error {
  readonly code = "oidc_unavailable";
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The identity provider cannot be used: ${why}`, { cause });
    this.name = "OidcUnavailableError";
  }
}

/**
 * What the identity provider says of itself (OpenID Connect Discovery 1.0), asked for when somebody first signs in with it: the library is loaded
 * then, and a provider that is away keeps nothing else from starting. After a failure it is left alone for a moment, so that nobody
 * waits for it in vain again and again.
 */
export class OidcProvider {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  #known: { readonly provider: Promise<KnownProvider>; readonly until: number } | null = null;
  #failed: { readonly error: OidcUnavailableError; readonly until: number } | null = null;

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Fails with {@link OidcUnavailableError}. */
  async get(): Promise<KnownProvider> {
    const now = this.#now();
    if (this.#known !== null && now < this.#known.until) return this.#known.provider;
    if (this.#failed !== null && now < this.#failed.until) throw this.#failed.error;
    const provider = discover(this.#settings);
    this.#known = { provider, until: now + API_LIMITS.oidcMetadataMs };
    try {
      return await provider;
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** A call to the provider failed: it is left alone for a moment. */
  failed(cause: unknown): OidcUnavailableError {
    if (cause instanceof OidcUnavailableError) return cause;
    const error = new OidcUnavailableError(cause);
    this.#known = null;
    this.#failed = { error, until: this.#now() + API_LIMITS.oidcBreakerMs };
    return error;
  }
}

async function discover(settings: OidcSettings): Promise<KnownProvider> {
  const { issuer, clientId, clientSecret } = settings;
  const client = await import("openid-client");
  const authentication =
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret);
  const url = new URL(issuer);
  const config = await client.discovery(
    url,
    clientId,
    { [client.clockTolerance]: API_LIMITS.clockToleranceSeconds },
    authentication,
    {
      timeout: API_LIMITS.oidcTimeoutMs / 1_000,
      execute: [
        // The signature of the ID token is verified as well, although it comes over TLS from its maker.
        client.enableNonRepudiationChecks,
        // Only loopback may be set without TLS.
        ...(url.protocol === "http:" ? [client.allowInsecureRequests] : []),
      ],
    },
  );
  return { client, config };
}
