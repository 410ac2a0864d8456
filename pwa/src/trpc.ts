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
import {
  access,
  authorized,
  type AuthorizedInit,
  dropAccess,
  isPagedOnly,
} from "./offline/access.ts";

/** The only file through which pages call procedures. Everything is same-origin, with an access token (offline/access.ts). */
export const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: "/trpc",
      maxURLLength: 2_000,
      maxItems: 10,
      fetch: (url, init) => authorized(url as string, init as AuthorizedInit),
    }),
  ],
});

/** The server's code (`UNAUTHORIZED`, `FORBIDDEN`, `NOT_FOUND`, …), or `NETWORK` when nothing answered. */
export function errorCode(error: unknown): string {
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  const code = typeof data === "object" && data !== null && "code" in data ? data.code : null;
  return typeof code === "string" ? code : "NETWORK";
}

/** Nobody is signed in here, or only a paired device is, which may not do this. */
export function isSignedOut(error: unknown): boolean {
  const code = errorCode(error);
  return code === "UNAUTHORIZED" || (code === "FORBIDDEN" && isPagedOnly());
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

function socketUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/trpc`;
}

/** The socket's token has ended, or its session has; `api/src/http/sockets.ts` closes with it. */
const TOKEN_REFUSED = 4401;

export const liveTransport: LiveTransport = {
  errorCode: (error) => (isSignedOut(error) ? "UNAUTHORIZED" : errorCode(error)),
  snapshot: (team) => api.dashboard.get.query(team === undefined ? undefined : { team }),
  open(position, handlers) {
    const gate = new ReconnectGate();
    let token = "";
    let isRenewing = false;
    let lossTimer: ReturnType<typeof setTimeout> | undefined;
    const renew = (): void => {
      dropAccess(token);
      isRenewing = true;
      handlers.onTokenRefused();
    };
    /** A token that ends every few minutes is no loss, unless there is no other soon. */
    const onLink = (open: boolean): void => {
      clearTimeout(lossTimer);
      if (open || !isRenewing) handlers.onLink(open);
      else lossTimer = setTimeout(() => handlers.onLink(false), LIMITS.renewalMs);
      if (open) isRenewing = false;
    };
    const socket = createWSClient({
      url: async () => {
        await gate.wait();
        const given = await access();
        if (given.kind === "open" && !given.isPagedOnly) {
          ({ token } = given);
          return socketUrl();
        }
        if (given.kind !== "later") handlers.onRefused("UNAUTHORIZED");
        throw new Error(`no token for the socket: ${given.kind}`);
      },
      connectionParams: () => ({ token }),
      onClose: (cause) => {
        if (cause?.code === TOKEN_REFUSED) renew();
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
          retry: ({ op, error }) => {
            if (op.type !== "subscription") return false;
            if (errorCode(error) !== "UNAUTHORIZED") return isTransient(error);
            renew();
            socket.connection?.ws.close();
            return true;
          },
          retryDelayMs: (attempt) => {
            const longestMs = Math.min(
              LIMITS.reconnectCapMs,
              LIMITS.reconnectBaseMs * 2 ** attempt,
            );
            return isRenewing ? 0 : Math.random() * longestMs;
          },
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
        onConnectionStateChange: ({ state }) => onLink(state === "pending"),
        onError: (error) => handlers.onRefused(errorCode(error)),
      },
    );
    return {
      stop() {
        clearTimeout(lossTimer);
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
