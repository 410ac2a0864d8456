import { readFile } from "node:fs/promises";
import type { AuditFact, Stores } from "@batchwatch/engine";
import { AccessTokens } from "./auth/access-token.ts";
import { bearerToken } from "./auth/bearer.ts";
import { type Caller, Callers } from "./auth/caller.ts";
import { DeviceAssertions } from "./auth/device-assertion.ts";
import type { Directory } from "./auth/directory.ts";
import { Oidc } from "./auth/oidc.ts";
import { OidcProvider } from "./auth/oidc-provider.ts";
import { type OriginVerdict, originAllowed } from "./auth/origin.ts";
import { Passwords } from "./auth/passwords.ts";
import { RefusalNotes } from "./auth/refusal-notes.ts";
import type { Seal } from "./auth/seal.ts";
import { Sessions } from "./auth/sessions.ts";
import { SignInLimiter } from "./auth/sign-in-limiter.ts";
import { Unheard } from "./auth/unheard.ts";
import type { RequestHeaders } from "./http/app.ts";
import type { AuthRouteOptions, Refusal } from "./http/auth-routes.ts";
import type { Logger } from "./logger.ts";
import { API_LIMITS } from "./options.ts";
import { isSecure, ownOriginsOf, publicUrlOf, type Settings, SettingsError } from "./settings.ts";
import { makeSessionServices, type SessionServices } from "./trpc/session-services.ts";

export interface AuthSetup {
  readonly settings: Settings;
  readonly seal: Seal;
  readonly stores: Stores;
  readonly directory: Directory;
  /** The port listened on. */
  readonly port: () => number;
  readonly logger: Logger;
  readonly now: () => number;
  /** A shorter life of access tokens than the options', for tests, ms; null: theirs. */
  readonly accessTokenMs?: number | null;
}

export interface Auth {
  readonly routes: AuthRouteOptions;
  readonly services: SessionServices;
  readonly originOf: (headers: RequestHeaders) => OriginVerdict;
  readonly callerOf: (headers: RequestHeaders) => Promise<Caller | null>;
  readonly byToken: (token: string) => Promise<Caller | null>;
  /** A token that lets nobody in, only because its time is over. */
  readonly isLapsed: (token: string) => Promise<boolean>;
  /** For a socket, which ends with its token. */
  readonly isGood: (caller: Caller) => boolean;
  /** For a call over HTTP, which is forgiven a difference between clocks. */
  readonly isGoodOverHttp: (caller: Caller) => boolean;
}

/** Wires who may call: sign-in, tokens, sessions and devices. */
export async function makeAuth(setup: AuthSetup): Promise<Auth> {
  const { settings, seal, stores, directory, port, logger, now } = setup;
  const lifeMs = setup.accessTokenMs ?? API_LIMITS.accessTokenMs;
  const tokens = new AccessTokens(seal, await stores.service.storeId(), lifeMs);
  const unheard = new Unheard();
  const callers = new Callers(directory, tokens, (sessionId, tokenId) =>
    unheard.heard(sessionId, tokenId),
  );
  const changed = () => directory.refresh();
  const sessions = new Sessions({ store: stores.sessions, tokens, seal, unheard, changed, now });
  const passwords = new Passwords();
  // Else the first name that nobody has would take longer than others.
  await passwords.prepare();
  const limiter = new SignInLimiter();
  const originOf = (headers: RequestHeaders) =>
    originAllowed(
      headers.origin,
      headers.host,
      settings.allowedOrigins,
      ownOriginsOf(settings, port()),
    );
  // Another program may have changed the keys; whatever changes the store makes us look.
  directory.onChange(() => seal.refresh());
  const byToken = (token: string) => callers.byToken(token, now());
  return {
    routes: {
      sessions,
      identity: stores.identity,
      store: stores.sessions,
      passwords,
      limiter,
      assertions: new DeviceAssertions({
        device: (deviceId, at) => directory.device(deviceId, at),
        isOwnOrigin: (origin, host) => originOf({ origin, host }) === "allowed",
      }),
      oidc: await oidcOf(setup),
      refused: refusalsOf(stores, logger, now),
      secure: isSecure(settings),
      now,
      originRefused: (headers) => originOf(headers) === "refused",
    },
    services: makeSessionServices({
      store: stores.sessions,
      passwords,
      limiter,
      session: (sessionId) => directory.session(sessionId, now()),
      changed,
      now,
    }),
    originOf,
    callerOf: async (headers) => {
      const token = bearerToken(headers.authorization);
      return token === null ? null : byToken(token);
    },
    byToken,
    isLapsed: (token) => tokens.isLapsed(token, now()),
    isGood: (caller) => callers.isGood(caller, now()),
    isGoodOverHttp: (caller) =>
      callers.isGood(caller, now(), API_LIMITS.clockToleranceSeconds * 1_000),
  };
}

async function oidcOf({
  settings,
  seal,
  stores,
  directory,
  port,
  now,
}: AuthSetup): Promise<Oidc | null> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecretFile: file } = settings;
  if (issuer === null || clientId === null) return null;
  const clientSecret = file === null ? null : await secretIn(file);
  return new Oidc({
    provider: new OidcProvider({ issuer, clientId, clientSecret }, now),
    issuer,
    sessions: stores.sessions,
    users: () => directory.users(),
    seal,
    publicUrl: () => publicUrlOf(settings, port()),
    now,
  });
}

async function secretIn(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  const secret = text.trim();
  if (secret !== "") return secret;
  throw new SettingsError(
    `BATCHWATCH_OIDC_CLIENT_SECRET_FILE is "${file}", which cannot be read or is empty; it must hold the client's secret.`,
  );
}

/** Who is not let in is told so even while it cannot be recorded; who is let in is recorded with the session, or not let in. */
function refusalsOf(
  stores: Stores,
  logger: Logger,
  now: () => number,
): (refusal: Refusal) => Promise<void> {
  const notes = new RefusalNotes();
  return async ({ method, why, userId }) => {
    const untold = notes.next(now());
    if (untold === null) return;
    const fact: AuditFact = {
      at: now(),
      actorKind: "user",
      actorId: userId ?? "unknown",
      action: "sign-in-refused",
      subjectKind: userId === null ? null : "user",
      subjectId: userId,
      teamId: null,
      detail: untold === 0 ? { method, why } : { method, why, untold },
    };
    await stores.audit.append([fact]).catch((error: unknown) => {
      logger.warn({ err: error }, "a refused sign-in could not be recorded");
    });
  };
}
