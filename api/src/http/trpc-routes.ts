import type { TRPCError } from "@trpc/server";
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { API_LIMITS } from "../options.ts";
import { appRouter } from "../trpc/router.ts";
import type { BegunCall, Context } from "../trpc/services.ts";
import { AddressLimiter } from "./address-limiter.ts";
import { type CallBudget, isLarge } from "./call-budget.ts";
import { jsonOnly, readJson } from "./strict-bodies.ts";

export interface TrpcRouteOptions {
  /** Who calls, with everything but the count of subscriptions. */
  readonly contextOf: (request: FastifyRequest) => Promise<Context>;
  /** What a user may cost, over sockets too. */
  readonly budget: CallBudget;
  /** A call failed, by its caller or by us. */
  readonly onError: (failed: FailedCall) => void;
  readonly now: () => number;
}

interface FailedCall {
  readonly error: TRPCError;
  readonly path: string | undefined;
  readonly req: FastifyRequest;
}

interface ProcedureRoute {
  readonly Params: { readonly path: string };
  readonly Querystring: { readonly input?: string };
}

/**
 * tRPC over HTTP: queries, commands and, where no socket can be had, the stream as server-sent events. JSON only: tRPC would read forms
 * and binary bodies too, of any size.
 */
export async function trpcRoutes(app: FastifyInstance, options: TrpcRouteOptions): Promise<void> {
  const { budget, contextOf, now, onError } = options;
  const strangers = new AddressLimiter({
    callsPerMinute: API_LIMITS.strangersPerMinute,
    addresses: API_LIMITS.callersCounted,
  });
  const streams = new Map<string, number>();

  // tRPC parses the text itself: it is looked at first, and passed on as it is.
  jsonOnly(app, (text) => {
    if (text !== "") readJson(text);
    return text;
  });

  app.route<ProcedureRoute>({
    method: ["GET", "POST"],
    url: "/trpc/:path",
    handler: async (request, reply) => {
      const { input } = request.query;
      if (typeof input === "string") readJson(input);
      const context = await contextOf(request);
      const { user } = context;
      // Of a batch that is longer than it may be, nothing is called.
      const paths = request.params.path.split(",").slice(0, API_LIMITS.batchCalls);
      const wait =
        user === null
          ? strangers.waitSeconds(request.ip, now())
          : budget.waitSeconds(user.userId, paths.length, now());
      if (wait > 0) return tooMany(reply, wait);
      if (user !== null) {
        const { socket } = request.raw;
        const over = budget.begin(user.userId, paths, () => socket.destroyed);
        if (over === null) return tooMany(reply, API_LIMITS.retryAfterSeconds);
        reply.raw.once("close", over);
      }
      await fastifyRequestHandler({
        router: appRouter,
        req: request,
        res: reply,
        path: request.params.path,
        maxBatchSize: API_LIMITS.batchCalls,
        onError,
        createContext: async () => ({
          ...context,
          begun: oneBatch(),
          ...(user === null ? {} : { subscribed: () => subscribed(streams, user.userId) }),
        }),
      });
      return reply;
    },
  });
}

function tooMany(reply: FastifyReply, seconds: number): FastifyReply {
  const message = `Too many calls. Try again in ${seconds} s.`;
  return reply.status(429).header("retry-after", seconds).send({ code: "too_many_calls", message });
}

/** The calls of one request: few of their answers may be large. */
function oneBatch(): (path: string) => BegunCall {
  let large = 0;
  return (path) => {
    if (isLarge(path)) large += 1;
    if (!isLarge(path) || large <= API_LIMITS.largeAtOnce) return { over: () => {} };
    return { refused: `A batch has ${API_LIMITS.largeAtOnce} calls with large answers at most.` };
  };
}

/** Counts a stream of this user in; null when there are as many as there may be. */
function subscribed(streams: Map<string, number>, userId: string): (() => void) | null {
  const count = streams.get(userId) ?? 0;
  if (count >= API_LIMITS.streamsPerUser) return null;
  streams.set(userId, count + 1);
  return () => {
    const left = (streams.get(userId) ?? 1) - 1;
    if (left > 0) streams.set(userId, left);
    else streams.delete(userId);
  };
}
