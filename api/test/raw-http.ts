import { connect, type Socket } from "node:net";

/** A connection on which a test says what no client library would. */
export class RawHttp {
  readonly socket: Socket;
  received = "";
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => resolve());
    });
  }

  static async open(port: number): Promise<RawHttp> {
    const raw = new RawHttp(connect(port, "127.0.0.1"));
    await new Promise<void>((resolve) => {
      raw.socket.once("connect", resolve);
      raw.socket.once("error", () => resolve());
    });
    return raw;
  }

  send(text: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(text);
  }

  /** Status of the first answer; 0: the connection ended without one. */
  async status(): Promise<number> {
    const answered = new Promise<void>((resolve) => {
      const look = () => {
        if (this.received.includes("\r\n")) resolve();
      };
      this.socket.on("data", look);
      look();
    });
    await Promise.race([answered, this.closed]);
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1] ?? 0);
  }

  /** One request on a connection of its own, as it is; answers the status. */
  static async ask(port: number, request: string | Buffer): Promise<number> {
    const raw = await RawHttp.open(port);
    raw.send(request);
    const status = await raw.status();
    raw.socket.destroy();
    return status;
  }
}
