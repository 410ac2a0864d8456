import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Arrival {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly jobName: string;
  readonly incidentId: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A real receiver of webhooks; it honours ids when asked for `distinct`. */
export class WebhookReceiver {
  readonly arrivals: Arrival[] = [];
  /** Milliseconds before it answers; infinite: never. */
  delayMs = 0;
  status = 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        const { type, data } = JSON.parse(body) as {
          type: string;
          data: { jobName: string; incidentId: string };
        };
        const { jobName, incidentId } = data;
        const id = String(request.headers["webhook-id"]);
        const { headers } = request;
        this.arrivals.push({ id, at: Date.now(), type, jobName, incidentId, headers, body });
        if (Number.isFinite(this.delayMs)) {
          setTimeout(() => response.writeHead(this.status).end(), this.delayMs);
        }
      });
    });
  }

  static async listen(port = 0): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => {
      receiver.#server.listen(port, "127.0.0.1", resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  /** Pages of this job. */
  pagesOf(jobName: string): readonly Arrival[] {
    return this.arrivals.filter((one) => one.type === "incident.page" && one.jobName === jobName);
  }

  /** Ends every connection: what waits for an answer gets none. */
  drop(): void {
    this.#server.closeAllConnections();
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** What a receiver that honours the id sees. */
export function distinct(arrivals: readonly Arrival[]): readonly string[] {
  return [...new Set(arrivals.map((one) => one.id))];
}
