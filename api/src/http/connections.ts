import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { networkOf } from "../auth/network.ts";
import { API_LIMITS } from "../options.ts";
import { isLoopback } from "./loopback.ts";

/**
 * Bounds what a peer costs before it has said anything. Node ends a connection whose headers do not come in time and counts all of
 * them together; here one address cannot have them all, nor one network of IPv6.
 *
 * @param isShared every caller comes from one address (a proxy): then only the sum is bounded
 */
export function boundConnections(server: Server, isShared: boolean): void {
  server.maxConnections = API_LIMITS.connections;
  server.maxHeadersCount = API_LIMITS.headers;
  server.headersTimeout = API_LIMITS.headersTimeoutMs;
  server.requestTimeout = API_LIMITS.requestTimeoutMs;
  server.keepAliveTimeout = API_LIMITS.keepAliveTimeoutMs;
  server.maxRequestsPerSocket = API_LIMITS.requestsPerConnection;
  const ofAddress = new OpenCounts(API_LIMITS.connectionsPerAddress);
  const ofNetwork = new OpenCounts(API_LIMITS.connectionsPerAddress * API_LIMITS.networkTimes);
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isShared || isLoopback(address)) return;
    const network = networkOf(address);
    if (ofAddress.isFull(address) || ofNetwork.isFull(network)) {
      socket.destroy();
      return;
    }
    ofAddress.add(address, 1);
    ofNetwork.add(network, 1);
    socket.once("close", () => {
      ofAddress.add(address, -1);
      ofNetwork.add(network, -1);
    });
  });
}

/** How many are open of each, and whether one has as many as it may. */
class OpenCounts {
  readonly #counts = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  isFull(key: string): boolean {
    return (this.#counts.get(key) ?? 0) >= this.#most;
  }

  add(key: string, change: 1 | -1): void {
    const count = (this.#counts.get(key) ?? 0) + change;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

/**
 * Passes requests on to `handler` as long as their connection has few under way: what is sent ahead of its answers is begun at once, all of
 * it that one read brings. A connection with more is ended, and the rest of what it sent is not looked at.
 */
export function boundPipelines(handler: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const count = (unanswered.get(socket) ?? 0) + 1;
    if (count > API_LIMITS.pipelinedRequests) {
      socket.destroy();
      return;
    }
    unanswered.set(socket, count);
    response.once("close", () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    handler(request, response);
  };
}
