import { createHash } from "node:crypto";
import type { CommandAnswer, Person } from "@batchwatch/engine";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AckTokens } from "../auth/ack-token.ts";
import { API_LIMITS } from "../options.ts";
import { isStoreAway } from "../trpc/store-away.ts";
import { type AckView, answerPage, askingPage, plainPage } from "./ack-page.ts";
import { ACK_STYLE } from "./ack-style.ts";
import { AddressLimiter } from "./address-limiter.ts";

export interface AckRouteOptions {
  readonly tokens: AckTokens;
  /** The notification that a link was sent in, with its incident as it is now; null when either is not there. */
  readonly look: (notificationId: string, incidentId: string) => Promise<AckView | null>;
  /**
   * Acknowledges in the name of who was told. A webhook's link speaks for `webhook:<id>` under the webhook's name. Null: the
   * incident is not there, or this person may not.
   */
  readonly acknowledge: (
    by: Person,
    view: AckView,
    commandId: string,
  ) => Promise<CommandAnswer | null>;
  readonly now: () => number;
}

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-robots-tag": "noindex, nofollow",
};
const BODY_BYTES = 1_024;
const HTML = "text/html; charset=utf-8";

interface TokenRoute {
  readonly Params: { readonly token: string };
}

/**
 * One-tap pages for where no button can be: mail scanners and previews open links, so looking changes nothing and acting is a POST.
 * What a link may do is written in it and signed: acknowledge one incident, once, for twelve hours.
 */
export async function ackRoutes(app: FastifyInstance, options: AckRouteOptions): Promise<void> {
  const { tokens, look, acknowledge, now } = options;
  const limiter = new AddressLimiter({
    callsPerMinute: API_LIMITS.ackCallsPerMinute,
    addresses: API_LIMITS.ackAddresses,
  });

  // The form has no fields: whatever is sent along is not looked at.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string", bodyLimit: BODY_BYTES }, (_req, _body, done) =>
    done(null, null),
  );
  // Behind the hook for all routes, whose policy is for pages with scripts.
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.headers(HEADERS);
    done();
  });
  app.setErrorHandler((error, _request, reply) => {
    const away = isStoreAway(error);
    const words = away
      ? "Not saved: Batchwatch is busy for a moment. Press again."
      : "Something went wrong. Open Batchwatch instead.";
    if (away) void reply.header("retry-after", API_LIMITS.retryAfterSeconds);
    void reply
      .status(away ? 503 : 500)
      .type(HTML)
      .send(plainPage(words));
  });

  app.get("/ack/page.css", async (_request, reply) =>
    reply
      .header("cache-control", "public, max-age=3600")
      .type("text/css; charset=utf-8")
      .send(ACK_STYLE),
  );

  app.get<TokenRoute>("/ack/:token", async (request, reply) => {
    const view = await viewOf(request, reply);
    return view === null ? reply : reply.type(HTML).send(askingPage(view));
  });

  app.post<TokenRoute>("/ack/:token", async (request, reply) => {
    const view = await viewOf(request, reply);
    if (view === null) return reply;
    const { notification, incident } = view;
    const by = personOf(view);
    const answer = await acknowledge(
      by,
      view,
      commandIdOf(notification.notificationId, incident.incidentId),
    );
    if (answer === null) {
      const words = "It was not acknowledged: you may not, or it is not there any more.";
      return reply.status(403).type(HTML).send(plainPage(words));
    }
    const after = (await look(notification.notificationId, incident.incidentId)) ?? view;
    return reply.type(HTML).send(answerPage(after, by, answer));
  });

  /** What the link of this request is about; null when the reply has said why nothing is shown. */
  async function viewOf(
    request: FastifyRequest<TokenRoute>,
    reply: FastifyReply,
  ): Promise<AckView | null> {
    const refuse = (status: number, words: string, incidentId: string | null = null) => {
      void reply.status(status).type(HTML).send(plainPage(words, incidentId));
      return null;
    };
    const wait = limiter.waitSeconds(request.ip, now());
    if (wait > 0) {
      void reply.header("retry-after", wait);
      return refuse(429, `Too many calls from your address. Try again in ${wait} s.`);
    }
    const claim = tokens.read(request.params.token, now());
    if (claim === null) return refuse(404, "This link is not valid. Was it copied whole?");
    if (claim.expired) {
      return refuse(410, "This link has expired. Sign in and open the incident.", claim.incidentId);
    }
    const view = await look(claim.notificationId, claim.incidentId);
    return view ?? refuse(404, "This incident is not there any more.");
  }
}

function personOf({ notification: { userId, targetId, receiver } }: AckView): Person {
  return { userId: userId ?? `webhook:${targetId}`, name: receiver };
}

/** A UUID (version 8, RFC 9562) that one link always gives: pressed twice, it is one command. */
function commandIdOf(notificationId: string, incidentId: string): string {
  const digest = createHash("sha256").update(`ack\u0000${notificationId}\u0000${incidentId}`);
  const hex = digest.digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
