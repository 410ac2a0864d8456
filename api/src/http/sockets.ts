import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { User } from "@batchwatch/engine";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { OriginVerdict } from "../auth/origin.ts";
import { routeRule } from "../auth/route-policy.ts";
import { sharedEncoder } from "../live/shared-encoder.ts";
import { API_LIMITS } from "../options.ts";
import { isLoopback } from "./loopback.ts";
import { appRouter } from "../trpc/router.ts";
import type { Context, Services } from "../trpc/services.ts";

/** Who opened a socket, and how to tell whether that still holds. */
export interface SocketIdentity {
  readonly user: User;
  readonly tokenHash: string;
}

export interface SocketOptions {
  readonly server: Server;
  readonly services: Services;
  readonly maxConnections: number;
  readonly pingMs: number;
  readonly origin: (request: IncomingMessage) => OriginVerdict;
  readonly byCookie: (request: IncomingMessage) => SocketIdentity | null;
  readonly byToken: (token: string) => SocketIdentity | null;
  /** The user as of now, or null when the token ended, was revoked or the user changed. */
  readonly current: (identity: SocketIdentity) => User | null;
}

/** Close codes in the private range; the page reads them. */
const CLOSE = { unauthorized: 4401, tooMany: 4429 } as const;

interface Live {
  readonly address: string;
  identity: SocketIdentity | null;
  subscriptions: number;
  messages: number;
  overSince: number | null;
}

/**
 * tRPC over WebSocket, bounded from the first byte: origin before the handshake, a time limit to authenticate,
 * caps per server, address and user, small frames, few messages, and no unbounded send buffer.
 */
export class Sockets {
  readonly #options: SocketOptions;
  readonly #wss: WebSocketServer;
  readonly #live = new Map<WebSocket, Live>();
  readonly #sweep: NodeJS.Timeout;
  readonly #handler: ReturnType<typeof applyWSSHandler>;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#wss = new WebSocketServer({
      noServer: true,
      maxPayload: API_LIMITS.socketFrameBytes,
      perMessageDeflate: false,
      clientTracking: true,
    });
    this.#wss.on("connection", (socket: WebSocket, request: IncomingMessage) =>
      this.#admit(socket, request),
    );
    this.#handler = applyWSSHandler<typeof appRouter>({
      wss: this.#wss,
      router: appRouter,
      maxBatchSize: API_LIMITS.batchCalls,
      experimental_encoder: sharedEncoder,
      keepAlive: { enabled: true, pingMs: options.pingMs, pongWaitMs: 5_000 },
      createContext: ({ req, res, info }) =>
        this.#context(req, res, info.connectionParams?.["token"] ?? null),
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
      if (live.identity !== null && this.#options.current(live.identity) === null) {
        socket.close(CLOSE.unauthorized, "signed out");
        socket.terminate();
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#handler.broadcastReconnectNotification();
    for (const socket of this.#live.keys()) socket.close(1001, "restarting");
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 50);
    });
    for (const socket of this.#live.keys()) socket.terminate();
    this.#wss.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?")[0];
    if (routeRule("UPGRADE", path ?? "") === null) return refuse(socket, "404 Not Found");
    const verdict = this.#options.origin(request);
    // A page always sends its origin; without one only a bearer token counts, which no page can be tricked into sending.
    if (verdict === "refused") return refuse(socket, "403 Forbidden");
    if (verdict === "missing" && request.headers.cookie !== undefined) {
      return refuse(socket, "403 Forbidden");
    }
    const address = request.socket.remoteAddress ?? "";
    const sameAddress = [...this.#live.values()].filter((live) => live.address === address).length;
    const full =
      this.#live.size >= this.#options.maxConnections ||
      (sameAddress >= API_LIMITS.socketsPerAddress && !isLoopback(address));
    if (full) return refuse(socket, "503 Service Unavailable\r\nRetry-After: 5");
    this.#wss.handleUpgrade(request, socket, head, (opened) => {
      this.#wss.emit("connection", opened, request);
    });
    return undefined;
  }

  #admit(socket: WebSocket, request: IncomingMessage): void {
    const live: Live = {
      address: request.socket.remoteAddress ?? "",
      identity: null,
      subscriptions: 0,
      messages: 0,
      overSince: null,
    };
    this.#live.set(socket, live);
    const late = setTimeout(() => {
      if (live.identity === null) socket.close(CLOSE.unauthorized, "sign in within 5 s");
    }, API_LIMITS.handshakeTimeoutMs);
    socket.on("message", () => {
      live.messages += 1;
      if (live.messages > API_LIMITS.messagesPerSecondPerSocket) {
        socket.close(CLOSE.tooMany, "too many messages");
        socket.terminate();
      }
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(late);
      this.#live.delete(socket);
    });
  }

  #context(request: IncomingMessage, socket: WebSocket, token: string | null): Context {
    const { byCookie, byToken, services } = this.#options;
    const identity = token === null ? byCookie(request) : byToken(token);
    const live = this.#live.get(socket);
    if (live === undefined || identity === null) {
      setImmediate(() => socket.close(CLOSE.unauthorized, "sign in first"));
      return { user: null, services, ready: () => true };
    }
    if (this.#socketsOf(identity.user.userId) >= API_LIMITS.socketsPerUser) {
      setImmediate(() => socket.close(CLOSE.tooMany, "too many connections of this user"));
      return { user: null, services, ready: () => true };
    }
    live.identity = identity;
    return {
      user: identity.user,
      services,
      userNow: () => this.#options.current(identity),
      ready: () => socket.bufferedAmount <= API_LIMITS.sendBufferSoftBytes,
      subscribed: () => this.#subscribed(live),
    };
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
    for (const live of this.#live.values()) if (live.identity?.user.userId === userId) count += 1;
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

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
