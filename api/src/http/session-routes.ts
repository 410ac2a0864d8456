import type { IdentityStore } from "@batchwatch/engine";
import type { FastifyInstance } from "fastify";
import { hashSecret, newToken } from "../auth/secrets.ts";
import { clearedSessionCookie, readSessionCookie, sessionCookie } from "../auth/session-cookie.ts";
import { API_LIMITS } from "../options.ts";

export interface SessionRouteOptions {
  readonly identity: IdentityStore;
  readonly refresh: () => Promise<void>;
  readonly secure: boolean;
  readonly now: () => number;
  readonly originRefused: (headers: {
    origin?: string | undefined;
    host?: string | undefined;
  }) => boolean;
}

/** A one-time code becomes a session cookie; signing out revokes it. */
export async function sessionRoutes(
  app: FastifyInstance,
  options: SessionRouteOptions,
): Promise<void> {
  const { identity, secure, now } = options;

  app.addHook("onRequest", async (request, reply) => {
    if (!options.originRefused(request.headers)) return;
    await reply
      .status(403)
      .send({ code: "foreign_origin", message: "This page may not sign in here." });
  });

  app.post("/auth/sign-in", { bodyLimit: 4_096 }, async (request, reply) => {
    const code = codeOf(request.body);
    const userId = code === null ? null : await identity.useSignInCode(hashSecret(code), now());
    if (userId === null) {
      return reply.status(401).send({
        code: "invalid_code",
        message: "This sign-in code is unknown, used or expired. Print a new link.",
      });
    }
    const token = newToken();
    const expiresAt = now() + API_LIMITS.sessionMs;
    await identity.addToken(
      { tokenHash: hashSecret(token), userId, kind: "session", expiresAt },
      now(),
    );
    await options.refresh();
    void reply.header("set-cookie", sessionCookie(token, secure));
    return { ok: true };
  });

  app.post("/auth/sign-out", { bodyLimit: 4_096 }, async (request, reply) => {
    const token = readSessionCookie(request.headers.cookie, secure);
    if (token !== null) {
      await identity.revokeToken(hashSecret(token), now());
      await options.refresh();
    }
    void reply.header("set-cookie", clearedSessionCookie(secure));
    return { ok: true };
  });
}

function codeOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("code" in body)) return null;
  return typeof body.code === "string" && body.code.length <= 200 ? body.code : null;
}
