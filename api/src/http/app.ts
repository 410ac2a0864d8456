import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { maskText, type Scope, scopeOf, type Source, type SystemHealth } from "@batchwatch/engine";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Refusal } from "../audit/refusals.ts";
import { bearerToken } from "../auth/bearer.ts";
import type { Caller } from "../auth/caller.ts";
import { routeRule } from "../auth/route-policy.ts";
import { type Gate } from "../intake/gate.ts";
import { intakeRoutes } from "../intake/routes.ts";
import { API_LIMITS } from "../options.ts";
import { contextOf } from "../trpc/context-of.ts";
import type { Services } from "../trpc/services.ts";
import type { Metrics } from "./metrics.ts";
import type { RequestWatch } from "./request-watch.ts";
import { isStoreAway } from "../trpc/store-away.ts";
import { ackRoutes, type AckRouteOptions } from "./ack-routes.ts";
import { authRoutes, type AuthRouteOptions } from "./auth-routes.ts";
import { CallBudget } from "./call-budget.ts";
import { boundConnections, boundPipelines } from "./connections.ts";
import { isLoopback } from "./loopback.ts";
import { pageRoutes } from "./pages.ts";
import { PlainRequest } from "./plain-request.ts";
import { ruledRoutes } from "./ruled-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { strictBodies } from "./strict-bodies.ts";
import { trpcRoutes } from "./trpc-routes.ts";

export interface AppOptions {
  readonly gate: Gate;
  readonly sourceByKey: (key: string) => Source | null;
  readonly services: Services;
  readonly auth: AuthRouteOptions;
  /** Who sends these headers; null: nobody that may call. */
  readonly callerOf: (headers: RequestHeaders) => Promise<Caller | null>;
  /** Whether the caller may go on. */
  readonly isGood: (caller: Caller) => boolean;
  /** One-tap links; absent: there are none. */
  readonly ack?: AckRouteOptions;
  readonly metrics: Metrics;
  /** A call came with a token that lets nobody in, "" when it is none at all; absent: nobody wants to know. */
  readonly badToken?: (token: string, what: string) => void;
  /** A route answered 401 or 403; absent: nobody wants to know. */
  readonly refused?: (refusal: Refusal) => void;
  /** What a user may cost, over sockets too; absent: one of its own. */
  readonly budget?: CallBudget;
  /** Absent: nothing is counted or logged. */
  readonly watch?: RequestWatch;
  readonly health: (scope: Scope) => SystemHealth;
  readonly live: () => boolean;
  readonly ready: () => boolean;
  readonly pagesRoot: string;
  readonly behindProxy: boolean;
  /** Browsers reach us by https. */
  readonly secure: boolean;
  readonly https: { readonly cert: Buffer; readonly key: Buffer } | null;
}

export interface RequestHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/** Every HTTP route, with its rule; the sockets are beside it in sockets.ts. */
export async function makeApp(options: AppOptions): Promise<FastifyInstance> {
  const pageHeaders = securityHeaders(options.secure);
  const app: FastifyInstance = Fastify({
    serverFactory: (handler) => serverOf(options.https, handler),
    logger: false,
    frameworkErrors: (_error, _request, reply) =>
      refuseAddress(reply as unknown as FastifyReply, pageHeaders),
    // One proxy is known of. What stands before its own entry in X-Forwarded-For is anybody's word.
    trustProxy: options.behindProxy ? (_address, hop) => hop === 0 : false,
    bodyLimit: API_LIMITS.trpcBodyBytes,
    requestTimeout: API_LIMITS.requestTimeoutMs,
    keepAliveTimeout: API_LIMITS.keepAliveTimeoutMs,
    routerOptions: { maxParamLength: 2_000 },
  });
  boundConnections(app.server, options.behindProxy);
  ruledRoutes(app);
  strictBodies(app);
  app.addHook("onRequest", (request, reply, done) => {
    const refusal = refusalOf(request);
    if (refusal === null) done();
    else void reply.status(refusal.status).send({ code: refusal.code, message: refusal.message });
  });
  // With a callback, so that no reply waits for a promise more.
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.headers(pageHeaders);
    if (!reply.hasHeader("cache-control")) void reply.header("cache-control", "no-store");
    done();
  });
  if (options.refused !== undefined) {
    app.addHook("onResponse", (request, reply, done) => {
      const { statusCode: status } = reply;
      const path = request.routeOptions.url ?? "none";
      if ((status === 401 || status === 403) && !isRecordedElsewhere(path, status)) {
        options.refused?.({ userId: null, what: `${request.method} ${path}`, status });
      }
      done();
    });
  }
  const { watch } = options;
  if (watch !== undefined) {
    app.addHook("onResponse", (request, reply, done) => {
      watch.answered(request, reply);
      done();
    });
  }
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (isStoreAway(error)) {
      void reply
        .status(503)
        .header("retry-after", API_LIMITS.retryAfterSeconds)
        .send({ code: "store_away", message: error.message });
      return;
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) watch?.failed(error, request);
    // Fastify's words may repeat a header or an address.
    const message =
      status >= 500 ? "Something went wrong on the server." : maskText(error.message).text;
    void reply.status(status).send({ code: codeOf(error), message });
  });
  app.setNotFoundHandler((request, reply) => {
    void reply
      .status(404)
      .send({ code: "not_found", message: `There is no ${request.method} route here.` });
  });

  await app.register(async (scope) => {
    await intakeRoutes(scope, { gate: options.gate, sourceByKey: options.sourceByKey });
  });
  await app.register(async (scope) => authRoutes(scope, options.auth));
  const { ack } = options;
  if (ack !== undefined) await app.register(async (scope) => ackRoutes(scope, ack));
  await app.register(async (scope) => operationRoutes(scope, options));
  await app.register(async (scope) =>
    trpcRoutes(scope, {
      now: Date.now,
      budget: options.budget ?? new CallBudget(),
      contextOf: async ({ headers, method }) => {
        const caller = await options.callerOf(headers);
        if (caller === null && headers.authorization !== undefined) {
          options.badToken?.(bearerToken(headers.authorization) ?? "", `${method} /trpc`);
        }
        return contextOf(caller, {
          services: options.services,
          isGood: options.isGood,
          ready: () => true,
        });
      },
      onError: (failed) => watch?.callFailed(failed),
    }),
  );
  await app.register(async (scope) => pageRoutes(scope, options.pagesRoot));
  return app;
}

/** Ciphers that encrypt and authenticate in one, with keys of their own for each connection; what is older is not offered. */
const TLS = {
  minVersion: "TLSv1.2",
  honorCipherOrder: true,
  ciphers: [
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
  ].join(":"),
} as const;

/** One cleartext or TLS server that looks often for those who send slowly. */
function serverOf(https: AppOptions["https"], handler: RequestListener): Server {
  const options = {
    connectionsCheckingInterval: API_LIMITS.connectionsCheckMs,
    IncomingMessage: PlainRequest,
  };
  const bounded = boundPipelines(handler);
  if (https === null) return createServer(options, bounded);
  return createSecureServer({ ...https, ...TLS, ...options }, bounded);
}

/** What is refused before any route looks at it; null: nothing. Only sources send packed bodies (intake/routes.ts). */
function refusalOf({ url, headers, routeOptions }: FastifyRequest): {
  readonly status: number;
  readonly code: string;
  readonly message: string;
} | null {
  if (url.length > API_LIMITS.urlLength) {
    const message = `An address has at most ${API_LIMITS.urlLength} characters.`;
    return { status: 414, code: "address_too_long", message };
  }
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return null;
  const { method, url: path = "" } = routeOptions;
  if (routeRule([method].flat()[0] ?? "", path) === "source-key") return null;
  const message = "Send the body as it is, without Content-Encoding.";
  return { status: 415, code: "unsupported_encoding", message };
}

/** Of whoever is on the host itself. */
const EVERYTHING: Scope = { teamIds: "all", payload: true };

/** A call's refusal is recorded with who it was, or by its token; a sign-in's with why, but not that of another origin's page. */
function isRecordedElsewhere(path: string, status: 401 | 403): boolean {
  return path.startsWith("/trpc") || (path.startsWith("/auth/") && status === 401);
}

/** An address that cannot be decoded meets neither hooks nor handlers, and Fastify's own answer would repeat it. */
function refuseAddress(reply: FastifyReply, pageHeaders: ReturnType<typeof securityHeaders>): void {
  const message = "The address of this request cannot be read.";
  void reply.headers(pageHeaders).status(400).send({ code: "bad_request", message });
}

/** Health and metrics: open on loopback; from elsewhere their details need a token of a program or of somebody who is signed in. */
async function operationRoutes(app: FastifyInstance, options: AppOptions): Promise<void> {
  app.get("/health/live", async (_request, reply) => {
    const up = options.live();
    return reply.status(up ? 200 : 503).send({ status: up ? "UP" : "DOWN" });
  });
  app.get("/health/ready", async (_request, reply) => {
    const up = options.ready();
    return reply.status(up ? 200 : 503).send({ status: up ? "UP" : "OUT_OF_SERVICE" });
  });
  app.get("/health", async (request, reply) => {
    const caller = isFromHere(request) ? null : await readerOf(request, options);
    const detailed = caller !== null || isFromHere(request);
    const health = options.health(caller === null ? EVERYTHING : scopeOf(caller.user));
    const components = Object.fromEntries(
      health.components.map(({ name, status, summary, details }) => [
        name,
        detailed ? { status, details: { summary, ...details } } : { status },
      ]),
    );
    return reply.status(isDown(health) ? 503 : 200).send({ status: health.status, components });
  });
  app.get("/metrics", async (request, reply) => {
    if (!isFromHere(request) && (await readerOf(request, options)) === null) {
      return reply.status(401).send({ code: "unauthorized", message: "Send a bearer token." });
    }
    return reply.type(options.metrics.contentType).send(await options.metrics.text());
  });
}

/** A paired device that is signed out answers what its owner was paged for: here it is nobody. */
async function readerOf(
  { headers }: FastifyRequest,
  { callerOf }: Pick<AppOptions, "callerOf">,
): Promise<Caller | null> {
  const caller = await callerOf(headers);
  return caller?.by === "device" ? null : caller;
}

/** What a proxy on this machine hands on comes from here too, but was not sent here; its header says so, whatever it holds. */
function isFromHere(request: FastifyRequest): boolean {
  const handedOn = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];
  if (handedOn.some((name) => request.headers[name] !== undefined)) return false;
  return isLoopback(request.socket.remoteAddress ?? "");
}

const CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_json",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
};

function codeOf(error: FastifyError): string {
  return CODES[error.code] ?? ((error.statusCode ?? 500) >= 500 ? "internal" : "bad_request");
}

/** The journal is the engine's: without it nothing is accepted. */
const OUT_WITHOUT: ReadonlySet<string> = new Set(["database", "journal", "engine"]);

/** Anything else that is down is loud in the body, but no reason to take the board from whoever balances load (S66). */
function isDown({ components }: SystemHealth): boolean {
  return components.some(({ name, status }) => status === "DOWN" && OUT_WITHOUT.has(name));
}
