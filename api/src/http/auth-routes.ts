import { type IdentityStore, LIMITS, type SessionStore } from "@batchwatch/engine";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AccessGrant } from "../auth/access-token.ts";
import { browserLabel } from "../auth/browser-label.ts";
import { clearCookie, readCookie, REFRESH_COOKIE, setCookie } from "../auth/cookies.ts";
import type { DeviceAssertions } from "../auth/device-assertion.ts";
import { BusyError } from "../auth/hash-slots.ts";
import type { Oidc } from "../auth/oidc.ts";
import type { Passwords } from "../auth/passwords.ts";
import type { Granted, Sessions } from "../auth/sessions.ts";
import { hashSecret } from "../auth/secrets.ts";
import type { SignInLimiter } from "../auth/sign-in-limiter.ts";
import { API_LIMITS } from "../options.ts";
import { AddressLimiter } from "./address-limiter.ts";
import { oidcRoutes } from "./oidc-routes.ts";

/** Why nobody was let in; audited. */
export interface Refusal {
  readonly method: "code" | "password" | "oidc" | "device";
  readonly why: string;
  /** Null: nobody that we know was named. */
  readonly userId: string | null;
}

export interface AuthRouteOptions {
  readonly sessions: Sessions;
  readonly identity: Pick<IdentityStore, "useSignInCode">;
  readonly store: Pick<SessionStore, "passwordOf">;
  readonly passwords: Passwords;
  readonly limiter: SignInLimiter;
  readonly assertions: DeviceAssertions;
  /** Null: no identity provider is set. */
  readonly oidc: Oidc | null;
  readonly refused: (refusal: Refusal) => Promise<void>;
  readonly secure: boolean;
  readonly now: () => number;
  readonly originRefused: (headers: {
    origin?: string | undefined;
    host?: string | undefined;
  }) => boolean;
}

const BODY = { bodyLimit: 4_096 } as const;

/** How people and paired devices get in, stay in and leave. The refresh cookie counts here and nowhere else. */
export async function authRoutes(app: FastifyInstance, options: AuthRouteOptions): Promise<void> {
  const { sessions, assertions, oidc, secure, now } = options;
  const calls = new AddressLimiter({
    callsPerMinute: API_LIMITS.authCallsPerMinute,
    addresses: API_LIMITS.ackAddresses,
  });

  app.addHook("onRequest", async (request, reply) => {
    if (options.originRefused(request.headers)) {
      await reply
        .status(403)
        .send({ code: "foreign_origin", message: "This page may not sign in here." });
      return;
    }
    const wait = calls.waitSeconds(request.ip, now());
    if (wait > 0) await tooMany(reply, wait);
  });
  const passOn = app.errorHandler;
  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof BusyError)) return passOn(error as never, request, reply);
    return busy(reply, error.message);
  });

  app.get("/auth/methods", async () => ({
    password: true,
    oidc: oidc === null ? null : { name: oidc.name },
  }));

  app.post("/auth/sign-in", BODY, async (request, reply) => {
    const { code, name, password } = fieldsOf(request.body);
    if (code !== null) return byCode(options, code, request, reply);
    if (name !== null && password !== null) {
      return byPassword(options, { name, password }, request, reply);
    }
    return reply.status(400).send({
      code: "bad_request",
      message: "Send code, or name and password, as text of at most 256 characters.",
    });
  });

  app.post("/auth/refresh", BODY, async (request, reply) => {
    const token = readCookie(REFRESH_COOKIE, request.headers.cookie, secure);
    const granted = token === null ? null : await sessions.goOn(token);
    if (granted !== null) return give(reply, granted, secure);
    if (token !== null) void reply.header("set-cookie", clearCookie(REFRESH_COOKIE, secure));
    return signedOut(reply, "You are signed out. Sign in again.");
  });

  app.post("/auth/sign-out", BODY, async (request, reply) => {
    const token = readCookie(REFRESH_COOKIE, request.headers.cookie, secure);
    if (token !== null) await sessions.end(token, fieldsOf(request.body).endpoint);
    void reply.header("set-cookie", clearCookie(REFRESH_COOKIE, secure));
    return { ok: true };
  });

  app.post("/auth/device", BODY, async (request, reply): Promise<AccessGrant | FastifyReply> => {
    const { assertion } = fieldsOf(request.body);
    const { host } = request.headers;
    const device = assertion === null ? null : await assertions.read(assertion, host, now());
    if (device !== null) return sessions.ofDevice(device);
    await options.refused({ method: "device", why: "not_good", userId: null });
    return signedOut(reply, "This device is not paired any more. Sign in on it.");
  });

  if (oidc !== null) await oidcRoutes(app, { ...options, oidc });
}

/** A link's code, once. */
async function byCode(
  { identity, sessions, refused, secure, now }: AuthRouteOptions,
  code: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<AccessGrant | FastifyReply> {
  const userId = await identity.useSignInCode(hashSecret(code), now());
  if (userId !== null) {
    return give(reply, await sessions.begin(userId, "code", labelOf(request)), secure);
  }
  await refused({ method: "code", why: "invalid_code", userId: null });
  return reply.status(401).send({
    code: "invalid_code",
    message: "This sign-in code is unknown, used or expired. Print a new link.",
  });
}

/** The same answer after the same work, whether the name is known, has a password, or neither. */
async function byPassword(
  options: AuthRouteOptions,
  { name, password }: { readonly name: string; readonly password: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<AccessGrant | FastifyReply> {
  const { store, passwords, limiter, sessions, refused, secure } = options;
  const wait = await limiter.waitSeconds(request.ip, name);
  if (wait > 0) {
    await refused({ method: "password", why: "too_many_attempts", userId: null });
    return tooMany(reply, wait);
  }
  const account = await store.passwordOf(name);
  const isRight = await passwords.check(account?.hash ?? null, password);
  if (account !== null && isRight) {
    await limiter.succeeded(request.ip, name);
    const granted = await sessions.begin(account.userId, "password", labelOf(request));
    return give(reply, granted, secure);
  }
  await refused({ method: "password", why: "invalid_password", userId: account?.userId ?? null });
  return reply
    .status(401)
    .send({ code: "invalid_password", message: "The name or the password is not right." });
}

function give(reply: FastifyReply, granted: Granted, secure: boolean): AccessGrant {
  const { grant, refreshToken } = granted;
  if (refreshToken !== null) {
    void reply.header("set-cookie", setCookie(REFRESH_COOKIE, refreshToken, secure));
  }
  return grant;
}

function labelOf(request: FastifyRequest): string {
  return browserLabel(request.headers["user-agent"]);
}

function signedOut(reply: FastifyReply, message: string): FastifyReply {
  return reply.status(401).send({ code: "signed_out", message });
}

function busy(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .status(503)
    .header("retry-after", API_LIMITS.retryAfterSeconds)
    .send({ code: "busy", message });
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  return reply
    .status(429)
    .header("retry-after", seconds)
    .send({
      code: "too_many_attempts",
      message: `Too many attempts. Try again in ${seconds} s.`,
    });
}

type Field = "code" | "name" | "password" | "assertion" | "endpoint";

const LONGEST: Readonly<Record<Field, number>> = {
  code: 200,
  name: 200,
  password: API_LIMITS.passwordMost,
  assertion: 4_000,
  endpoint: LIMITS.urlLength,
};

/** The texts of a body that are texts of their length; whatever else it holds is not looked at. */
function fieldsOf(body: unknown): Readonly<Record<Field, string | null>> {
  const given = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (field: Field) => {
    const value = Object.hasOwn(given, field) ? given[field] : null;
    if (typeof value !== "string" || value === "") return null;
    return value.length <= LONGEST[field] ? value : null;
  };
  return {
    code: text("code"),
    name: text("name"),
    password: text("password"),
    assertion: text("assertion"),
    endpoint: text("endpoint"),
  };
}
