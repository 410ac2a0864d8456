import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** `pass`: bytes flow. `blackhole`: sockets stay open and nothing flows. `cut`: sockets are destroyed, also new ones. */
export type Fault = "pass" | "blackhole" | "cut";

/** A TCP proxy on loopback between a page and the server whose network can be broken on command. */
export class FaultProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #targetPort = 0;
  #fault: Fault = "pass";

  private constructor() {
    this.#server = createServer((client) => this.#accept(client));
  }

  static async listen(): Promise<FaultProxy> {
    const proxy = new FaultProxy();
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Port on loopback that connections made from now on go to. */
  leadTo(port: number): void {
    this.#targetPort = port;
  }

  /**
   * What was swallowed by a black hole is lost, as on a real network after the retransmissions:
   * leaving it destroys the sockets that were open in it.
   */
  set(fault: Fault): void {
    const wasHole = this.#fault === "blackhole";
    this.#fault = fault;
    if (fault === "cut" || (wasHole && fault === "pass")) this.#destroyAll();
  }

  async close(): Promise<void> {
    this.#destroyAll();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    if (this.#fault === "cut") {
      client.destroy();
      return;
    }
    const upstream = connect(this.#targetPort, "127.0.0.1");
    this.#join(client, upstream);
    this.#join(upstream, client);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      if (this.#fault === "pass") to.write(chunk);
    });
    from.on("error", () => from.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      // In a black hole not even the end of a connection gets through.
      if (this.#fault !== "blackhole") to.destroy();
    });
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
