import { IncomingMessage } from "node:http";

const ASKED = Symbol("what the parser says of the head");

/**
 * A request that is an upgrade only where it asks for a WebSocket. Others (`h2c`, which some clients send with everything) a server may pass over and
 * answer as if they had not asked (RFC 9110 §7.8); Node takes all of them for upgrades once anybody listens for one.
 */
export class PlainRequest extends IncomingMessage {
  /** Node's parser sets it before it reads the header lines, and asks for it after. */
  get upgrade(): boolean | null {
    const asked = (this as { [ASKED]?: boolean | null })[ASKED] ?? null;
    // A tunnel is an upgrade by its method; nobody listens for one, and it is ended.
    if (asked !== true || this.method === "CONNECT") return asked;
    return this.headers.upgrade?.toLowerCase() === "websocket";
  }

  set upgrade(asked: boolean | null) {
    (this as { [ASKED]?: boolean | null })[ASKED] = asked;
  }
}
