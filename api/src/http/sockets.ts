import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { TRPCError } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Caller } from "../auth/caller.ts";
import { networkOf } from "../auth/network.ts";
import type { OriginVerdict } from "../auth/origin.ts";
import { routeRule } from "../auth/route-policy.ts";
import { sharedEncoder } from "../live/shared-encoder.ts";
import { API_LIMITS } from "../options.ts";
import { isLoopback } from "./loopback.ts";
import { appRouter } from "../trpc/router.ts";
import { contextOf } from "../trpc/context-of.ts";
import type { BegunCall, Context, Services } from "../trpc/services.ts";
import { type CallBudget, isLarge } from "./call-budget.ts";

export interface SocketOptions {
  readonly server: Server;
  readonly services: Services;
  /** What a user may cost, over HTTP too. */
  readonly budget: CallBudget;
  readonly maxConnections: number;
  readonly pingMs: number;
  /** Callers' addresses are in the proxy's X-Forwarded-For. */
  readonly behindProxy: boolean;
  readonly origin: (request: IncomingMessage) => OriginVerdict;
  /** Who sends this token; null: nobody that may call. */
  readonly byToken: (token: string) => Promise<Caller | null>;
  /** False once the token has ended, was revoked or the user changed. */
  readonly isGood: (caller: Caller) => boolean;
  /** Somebody came with a token that lets nobody in; absent: nobody wants to know. */
  readonly badToken?: (token: string, what: string) => void;
  /** A connection was refused with this status, or a call over one failed. Absent: nobody wants to know. */
  readonly onRefused?: (status: number) => void;
  readonly onCallError?: (
    failed: { readonly error: TRPCError; readonly path: string | undefined },
    address: string,
  ) => void;
}

const REFUSALS = {
  403: "403 Forbidden",
  404: "404 Not Found",
  503: "503 Service Unavailable\r\nRetry-After: 5",
} as const;
/** Close codes in the private range; the page reads them. */
const CLOSE = { unauthorized: 4401, tooMany: 4429 } as const;

/** Tells tRPC's client to come back. */
const RECONNECT = JSON.stringify({ id: null, method: "reconnect" });

/** 2^31 − 1. */
const MOST_TIMER_MS = 2_147_483_647;

interface Live {
  readonly address: string;
  readonly network: string;
  caller: Caller | null;
  subscriptions: number;
  /** Calls under way, and those of them whose answers may be large. */
  calls: number;
  large: number;
  /** In this second. */
  messages: number;
  overSince: number | null;
}

/**
 * tRPC over WebSocket, bounded from the first byte: origin before the handshake, a time limit to authenticate,
 * caps per server, network, address and user, small frames, few messages, and no unbounded send buffer.
 */
export class Sockets {
  readonly #options: SocketOptions;
  readonly #wss: WebSocketServer;
  readonly #live = new Map<WebSocket, Live>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#wss = new WebSocketServer({
      noServer: true,
      maxPayload: API_LIMITS.socketFrameBytes,
      perMessageDeflate: false,
      clientTracking: true,
    });
    this.#wss.on("connection", (socket: WebSocket, request: IncomingMessage) => {
      const live = this.#admit(socket, request);
      this.#serve(socket, live, request);
    });
    options.server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#sweep = setInterval(() => this.#sweepOnce(), 1_000);
  }

  get size(): number {
    return this.#live.size;
  }

  /** Closes sockets whose token or user is gone; called whenever the directory changed. */
  recheck(): void {
    for (const [socket, live] of this.#live) {
      if (live.caller !== null && !this.#options.isGood(live.caller)) end(socket, "signed out");
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const socket of this.#live.keys()) {
      socket.send(RECONNECT);
      socket.close(1001, "restarting");
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 50);
    });
    for (const socket of this.#live.keys()) socket.terminate();
    this.#wss.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: keyof typeof REFUSALS) => {
      this.#options.onRefused?.(status);
      // Nothing of Node's looks after this connection any more: it goes with its answer, whether that is read or not.
      socket.once("finish", () => socket.destroy());
      setTimeout(() => socket.destroy(), API_LIMITS.socketCloseMs).unref();
      socket.end(`HTTP/1.1 ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?")[0];
    if (routeRule("UPGRADE", path ?? "") === null) return refuse(404);
    const verdict = this.#options.origin(request);
    // A page always sends its origin. Only a token opens anything, which no page can be tricked into sending; a cookie without an origin is neither page nor program.
    if (verdict === "refused") return refuse(403);
    if (verdict === "missing" && request.headers.cookie !== undefined) {
      return refuse(403);
    }
    const address = this.#addressOf(request);
    const lives = [...this.#live.values()];
    const known = lives.filter(({ caller }) => caller !== null).length;
    const full =
      known >= this.#options.maxConnections || (isCrowded(lives, address) && !isLoopback(address));
    if (full) return refuse(503);
    if (lives.length - known >= API_LIMITS.socketsUnknown) this.#dropStranger();
    this.#wss.handleUpgrade(request, socket, head, (opened) => {
      this.#wss.emit("connection", opened, request);
    });
    return undefined;
  }

  /** The caller's, told by the proxy where there is one: what stands before its own entry is anybody's word. */
  #addressOf({ headers, socket }: IncomingMessage): string {
    const forwarded = this.#options.behindProxy ? headers["x-forwarded-for"] : undefined;
    const last = [forwarded].flat().at(-1)?.split(",").at(-1)?.trim();
    return last ?? socket.remoteAddress ?? "";
  }

  /** Who has not said who they are makes room for who comes: the oldest of the network that has the most of them. */
  #dropStranger(): void {
    const strangers = [...this.#live].filter(([, { caller }]) => caller === null);
    const counts = new Map<string, number>();
    for (const [, { network }] of strangers) counts.set(network, (counts.get(network) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const victim = strangers.find(([, { network }]) => counts.get(network) === most)?.[0];
    if (victim === undefined) return;
    this.#live.delete(victim);
    victim.terminate();
  }

  #admit(socket: WebSocket, request: IncomingMessage): Live {
    const address = this.#addressOf(request);
    const live: Live = {
      address,
      network: networkOf(address),
      caller: null,
      subscriptions: 0,
      calls: 0,
      large: 0,
      messages: 0,
      overSince: null,
    };
    this.#live.set(socket, live);
    const late = setTimeout(() => {
      if (live.caller === null) end(socket, "sign in within 5 s");
    }, API_LIMITS.handshakeTimeoutMs);
    socket.on("message", () => countMessages(socket, live, 1));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(late);
      this.#live.delete(socket);
    });
    return live;
  }

  #serve(socket: WebSocket, live: Live, request: IncomingMessage): void {
    const { onCallError, pingMs } = this.#options;
    const handle = getWSConnectionHandler<typeof appRouter>({
      wss: this.#wss,
      router: appRouter,
      maxBatchSize: API_LIMITS.batchCalls,
      experimental_encoder: {
        // Nothing more is made for a reader that leaves so much unread.
        encode: (message) => {
          if (socket.bufferedAmount > API_LIMITS.sendBufferHardBytes) socket.terminate();
          return socket.readyState === socket.OPEN ? sharedEncoder.encode(message) : "";
        },
        decode: (text) => {
          const given = sharedEncoder.decode(text);
          const calls = Array.isArray(given) ? Math.min(given.length, API_LIMITS.batchCalls) : 1;
          return countMessages(socket, live, Math.max(0, calls - 1)) ? given : [];
        },
      },
      onError: ({ error, path }) =>
        onCallError?.({ error, path }, request.socket.remoteAddress ?? ""),
      keepAlive: { enabled: true, pingMs, pongWaitMs: 5_000 },
      createContext: ({ info }) => this.#context(socket, info.connectionParams?.["token"] ?? null),
    });
    handle(socket, request);
  }

  async #context(socket: WebSocket, token: string | null): Promise<Context> {
    const { budget, byToken, isGood, services } = this.#options;
    const caller = token === null ? null : await byToken(token);
    const live = this.#live.get(socket);
    if (token !== null && caller === null) this.#options.badToken?.(token, "UPGRADE /trpc");
    if (live === undefined || caller === null) {
      setImmediate(() => end(socket, "sign in first"));
      return { user: null, services, ready: () => true };
    }
    if (this.#socketsOf(caller.user.userId) >= API_LIMITS.socketsPerUser) {
      setImmediate(() => socket.close(CLOSE.tooMany, "too many connections of this user"));
      return { user: null, services, ready: () => true };
    }
    live.caller = caller;
    endAt(socket, caller.expiresAt);
    return contextOf(caller, {
      services,
      isGood,
      ready: () => socket.bufferedAmount <= API_LIMITS.sendBufferSoftBytes,
      begun: (path) => {
        const wait = budget.waitSeconds(caller.user.userId, 1, Date.now());
        if (wait > 0) return { refused: `Too many calls. Try again in ${wait} s.` };
        return begunOn(socket, live, path);
      },
      subscribed: () => this.#subscribed(live),
    });
  }

  /** Counts a subscription in; null when this socket has as many as it may. */
  #subscribed(live: Live): (() => void) | null {
    if (live.subscriptions >= API_LIMITS.subscriptionsPerSocket) return null;
    live.subscriptions += 1;
    return () => {
      live.subscriptions -= 1;
    };
  }

  #socketsOf(userId: string): number {
    let count = 0;
    for (const live of this.#live.values()) if (live.caller?.user.userId === userId) count += 1;
    return count;
  }

  #sweepOnce(): void {
    const now = Date.now();
    for (const [socket, live] of this.#live) {
      live.messages = 0;
      const buffered = socket.bufferedAmount;
      if (buffered <= API_LIMITS.sendBufferSoftBytes) live.overSince = null;
      else live.overSince ??= now;
      const tooLong =
        live.overSince !== null && now - live.overSince > API_LIMITS.sendBufferSoftForMs;
      if (tooLong || buffered > API_LIMITS.sendBufferHardBytes) socket.terminate();
    }
    this.recheck();
  }
}

/** Whether this address, or its network, has as many sockets as it may. */
function isCrowded(lives: readonly Live[], address: string): boolean {
  const { socketsPerAddress, networkTimes } = API_LIMITS;
  const network = networkOf(address);
  const count = (which: (live: Live) => boolean): number => lives.filter(which).length;
  return (
    count((live) => live.address === address) >= socketsPerAddress ||
    count((live) => live.network === network) >= socketsPerAddress * networkTimes
  );
}

/** Counts what was sent; false, and the socket is cut, when it is more than may come in a second. */
function countMessages(socket: WebSocket, live: Live, count: number): boolean {
  live.messages += count;
  if (live.messages <= API_LIMITS.messagesPerSecondPerSocket) return true;
  socket.close(CLOSE.tooMany, "too many messages");
  socket.terminate();
  return false;
}

/** Whoever does not read the answers gets no more of them, and nobody many at once. */
function begunOn(socket: WebSocket, live: Live, path: string): BegunCall {
  if (socket.bufferedAmount > API_LIMITS.sendBufferSoftBytes) {
    return { refused: "The answers of this connection are not read." };
  }
  const large = isLarge(path) ? 1 : 0;
  const isTooMany =
    live.calls >= API_LIMITS.callsUnderWayPerSocket || live.large + large > API_LIMITS.largeAtOnce;
  if (isTooMany) return { refused: "This connection has as many calls under way as it may." };
  live.calls += 1;
  live.large += large;
  return {
    over: () => {
      live.calls -= 1;
      live.large -= large;
    },
  };
}

/** The page signs in again, or gets a new token, and goes on where it was. What does not close in time is cut. */
function end(socket: WebSocket, reason: string): void {
  socket.close(CLOSE.unauthorized, reason);
  setTimeout(() => socket.terminate(), API_LIMITS.socketCloseMs).unref();
}

/** At the token's end; a token that outlives what a timer can count is looked after by the sweep. */
function endAt(socket: WebSocket, expiresAt: number): void {
  const left = expiresAt - Date.now();
  if (left > MOST_TIMER_MS) return;
  const timer = setTimeout(() => end(socket, "token expired"), Math.max(0, left));
  socket.once("close", () => clearTimeout(timer));
}
