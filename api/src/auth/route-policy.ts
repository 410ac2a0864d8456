/**
 * What a route asks of its caller. Each is kept by the route itself; api/test/hardening.test.ts asks all of them on a real server as
 * somebody who may not, api/test/matrix.test.ts every procedure as every role, http/oidc-routes.test.ts those of a provider.
 *
 * - `open`: anybody; it tells nothing of jobs, people and sources
 * - `own-page`: our own pages only, by origin; it gives, renews or ends a session and is limited by address
 * - `oidc-state`: the state of a sign-in that this very browser began
 * - `source-key`: the key of a source whose contract it is
 * - `signed-link`: the signed, expiring token in its path
 * - `loopback-or-token`: this host, or whoever is signed in; not a paired device that is signed out
 * - `procedure`: the rule of each procedure in PROCEDURE_RULES
 */
export type RouteRule =
  | "open"
  | "own-page"
  | "oidc-state"
  | "source-key"
  | "signed-link"
  | "loopback-or-token"
  | "procedure";

/** Every route by method and path, and the socket's upgrade. One that is not here does not start (http/ruled-routes.ts). */
export const ROUTE_RULES = {
  "POST /api/v1/observations": "source-key",
  "POST /api/v1/lineage": "source-key",
  "POST /api/v1/lineage/batch": "source-key",
  "POST /auth/sign-in": "own-page",
  "POST /auth/sign-out": "own-page",
  "POST /auth/refresh": "own-page",
  "POST /auth/device": "own-page",
  "GET /auth/methods": "own-page",
  // Only where an identity provider is set.
  "GET /auth/oidc/start": "own-page",
  "GET /auth/oidc/callback": "oidc-state",
  "GET /ack/page.css": "open",
  "GET /ack/:token": "signed-link",
  "POST /ack/:token": "signed-link",
  "GET /health/live": "open",
  "GET /health/ready": "open",
  // Open to whoever balances load; its details are for this host and whoever is signed in.
  "GET /health": "open",
  "GET /metrics": "loopback-or-token",
  "GET /trpc/:path": "procedure",
  "POST /trpc/:path": "procedure",
  "UPGRADE /trpc": "procedure",
  "GET /": "open",
  "GET /incidents": "open",
  "GET /incidents/*": "open",
  "GET /jobs": "open",
  "GET /jobs/*": "open",
  "GET /runs/*": "open",
  "GET /more": "open",
  "GET /more/*": "open",
  // Files of the built page.
  "GET /*": "open",
} as const satisfies Readonly<Record<string, RouteRule>>;

/** Null: it has none. HEAD is the GET without its body. */
export function routeRule(method: string, path: string): RouteRule | null {
  const rules: Readonly<Record<string, RouteRule | undefined>> = ROUTE_RULES;
  const key = `${method === "HEAD" ? "GET" : method} ${path}`;
  return Object.hasOwn(rules, key) ? (rules[key] ?? null) : null;
}
