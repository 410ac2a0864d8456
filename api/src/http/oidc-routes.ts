import type { FastifyInstance, FastifyReply } from "fastify";
import { browserLabel } from "../auth/browser-label.ts";
import {
  clearCookie,
  OIDC_COOKIE,
  readCookie,
  REFRESH_COOKIE,
  setCookie,
} from "../auth/cookies.ts";
import type { Oidc } from "../auth/oidc.ts";
import { OidcUnavailableError } from "../auth/oidc-provider.ts";
import type { Sessions } from "../auth/sessions.ts";
import type { AuthRouteOptions } from "./auth-routes.ts";

export interface OidcRouteOptions extends Pick<AuthRouteOptions, "refused" | "secure"> {
  readonly oidc: Oidc;
  readonly sessions: Sessions;
}

/** What the page is told behind `#`, where no log sees it. */
type Problem = "oidc_failed" | "oidc_unknown_user" | "oidc_unavailable";

/**
 * Sign-in at an identity provider: the browser goes there and comes back here. Whatever comes of it, it ends at the page: with the refresh
 * cookie, which the page then uses, or with `/#problem=…`.
 */
export async function oidcRoutes(app: FastifyInstance, options: OidcRouteOptions): Promise<void> {
  const { oidc, sessions, refused, secure } = options;

  app.get("/auth/oidc/start", async (_request, reply) => {
    try {
      const { location, kept } = await oidc.begin();
      void reply.header("set-cookie", setCookie(OIDC_COOKIE, kept, secure));
      return reply.redirect(location, 302);
    } catch (error) {
      if (error instanceof OidcUnavailableError) return problem(reply, "oidc_unavailable");
      throw error;
    }
  });

  app.get("/auth/oidc/callback", async (request, reply) => {
    const kept = readCookie(OIDC_COOKIE, request.headers.cookie, secure);
    const begun = clearCookie(OIDC_COOKIE, secure);
    // Whatever the outcome, what was begun is over.
    void reply.header("set-cookie", begun);
    try {
      const outcome = await oidc.complete(searchOf(request.url), kept);
      if (outcome.type === "user") {
        const label = browserLabel(request.headers["user-agent"]);
        const granted = await sessions.begin(outcome.userId, "oidc", label);
        const token = granted.refreshToken;
        if (token !== null)
          void reply.header("set-cookie", setCookie(REFRESH_COOKIE, token, secure));
        return reply.redirect("/", 303);
      }
      const why = outcome.type === "failed" ? outcome.why : "unknown_user";
      await refused({ method: "oidc", why, userId: null });
      return problem(reply, outcome.type === "failed" ? "oidc_failed" : "oidc_unknown_user");
    } catch (error) {
      if (error instanceof OidcUnavailableError) return problem(reply, "oidc_unavailable");
      throw error;
    }
  });
}

function problem(reply: FastifyReply, code: Problem): FastifyReply {
  return reply.redirect(`/#problem=${code}`, 303);
}

function searchOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}
