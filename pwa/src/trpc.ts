import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  retryLink,
  type TRPCClient,
  TRPCClientError,
  wsLink,
} from "@trpc/client";
import type { AppRouter } from "batchwatch/router";
import { InstantCloseSocket } from "./live/instant-close-socket.ts";
import { LIMITS } from "./live/limits.ts";
import type { LiveTransport } from "./live/live-session.ts";
import { ReconnectGate } from "./live/reconnect-gate.ts";

/** The only file that speaks to the server. Everything is same-origin; the session is an HttpOnly cookie. */
export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: "/trpc", maxURLLength: 2_000, maxItems: 10 })],
});

/** The server's code (`UNAUTHORIZED`, `FORBIDDEN`, `NOT_FOUND`, …), or `NETWORK` when nothing answered. */
export function errorCode(error: unknown): string {
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  const code = typeof data === "object" && data !== null && "code" in data ? data.code : null;
  return typeof code === "string" ? code : "NETWORK";
}

/** Why a change was refused, where the server says it: a stable reason, the field, and what would be right. */
export interface Refusal {
  readonly reason: string;
  /** As the server names it; empty when it is not about one field. */
  readonly field: string;
  readonly message: string;
}

/** Null when the error is no refusal of what was sent, but of who sent it, or no answer at all. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  if (typeof data !== "object" || data === null || !("reason" in data)) return null;
  if (typeof data.reason !== "string") return null;
  const field = "field" in data && typeof data.field === "string" ? data.field : "";
  return { reason: data.reason, field, message: error.message };
}

export type SignInResult = "ok" | "invalid_code" | "network";

export async function signIn(code: string): Promise<SignInResult> {
  try {
    const response = await post("/auth/sign-in", { code });
    if (response.ok) return "ok";
    return response.status >= 500 ? "network" : "invalid_code";
  } catch {
    return "network";
  }
}

/** False when the server could not be told; the session then still exists. */
export async function signOut(): Promise<boolean> {
  try {
    return (await post("/auth/sign-out", {})).ok;
  } catch {
    return false;
  }
}

function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

function socketUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/trpc`;
}

export const liveTransport: LiveTransport = {
  errorCode,
  snapshot: (team) => api.dashboard.get.query(team === undefined ? undefined : { team }),
  open(position, handlers) {
    const gate = new ReconnectGate();
    const socket = createWSClient({
      url: async () => {
        await gate.wait();
        return socketUrl();
      },
      WebSocket: InstantCloseSocket,
      retryDelayMs: () => 0,
      keepAlive: {
        enabled: true,
        intervalMs: LIMITS.pingIntervalMs,
        pongTimeoutMs: LIMITS.pongTimeoutMs,
      },
    });
    const client = createTRPCClient<AppRouter>({
      links: [
        retryLink({
          retry: ({ op, error }) => op.type === "subscription" && isTransient(error),
          retryDelayMs: (attempt) =>
            Math.random() * Math.min(LIMITS.reconnectCapMs, LIMITS.reconnectBaseMs * 2 ** attempt),
        }),
        wsLink({ client: socket }),
      ],
    });
    const subscription = client.live.changes.subscribe(
      {
        lastEventId: position.lastEventId,
        ...(position.team !== undefined && { team: position.team }),
      },
      {
        onData: ({ id, data }) => {
          gate.succeeded();
          handlers.onItem({ id, item: data });
        },
        onConnectionStateChange: ({ state }) => handlers.onLink(state === "pending"),
        onError: (error) => handlers.onRefused(errorCode(error)),
      },
    );
    return {
      stop() {
        subscription.unsubscribe();
        void socket.close();
        gate.nudge();
      },
      nudge() {
        const open = socket.connection?.ws;
        if (open instanceof InstantCloseSocket && isSilent(open)) open.close();
        gate.nudge();
      },
    };
  },
};

function isSilent(socket: InstantCloseSocket): boolean {
  return Date.now() - socket.lastFrameAt > LIMITS.silentSocketMs;
}

function isTransient(error: TRPCClientError<AppRouter>): boolean {
  const status = error.data?.httpStatus;
  return status === undefined || status >= 500;
}
