import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Notes when something arrived, by what the body says it is about; answers at once. */
export class WebhookReceiver {
  readonly #server: Server;
  readonly #keysOf: (body: unknown) => readonly string[];
  readonly #arrivedAt = new Map<string, number>();
  readonly #times = new Map<string, number>();

  /** @param keysOf what a body is about; empty where it is of no interest */
  private constructor(keysOf: (body: unknown) => readonly string[]) {
    this.#keysOf = keysOf;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#take(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(200).end();
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async listen(keysOf: (body: unknown) => readonly string[]): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(keysOf);
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, "127.0.0.1", resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Different things that arrived. */
  get count(): number {
    return this.#arrivedAt.size;
  }

  /** When it arrived first; monotonic milliseconds. */
  arrivedAt(key: string): number | undefined {
    return this.#arrivedAt.get(key);
  }

  /** Things that arrived more than once. */
  get repeated(): number {
    return [...this.#times.values()].filter((times) => times > 1).length;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(text: string): void {
    const at = performance.now();
    for (const key of this.#keysOf(JSON.parse(text))) {
      this.#times.set(key, (this.#times.get(key) ?? 0) + 1);
      if (!this.#arrivedAt.has(key)) this.#arrivedAt.set(key, at);
    }
  }
}
