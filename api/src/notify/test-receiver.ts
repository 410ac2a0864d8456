import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { testCertificate } from "./test-certificate.ts";

export interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

type Answer = (taken: TakenRequest, response: ServerResponse) => void;

/** A real server of tests that keeps what it takes, on a free port of 127.0.0.1. */
export class TestReceiver {
  readonly taken: TakenRequest[] = [];
  /** Connections that reached it, whatever came of them. */
  connections = 0;
  answer: Answer = (_taken, response) => response.writeHead(204).end();
  readonly #server: ReturnType<typeof createPlain>;
  readonly ca: string;
  port = 0;

  private constructor(secure: boolean) {
    const pair = secure ? testCertificate() : null;
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url: path = "", headers } = request;
        const taken = { method, path, headers, body: Buffer.concat(chunks) };
        this.taken.push(taken);
        this.answer(taken, response);
      });
    };
    this.ca = pair?.cert ?? "";
    this.#server = pair === null ? createPlain(listener) : createSecure(pair, listener);
    this.#server.on("connection", () => {
      this.connections += 1;
    });
  }

  static async start(kind: "http" | "https"): Promise<TestReceiver> {
    const receiver = new TestReceiver(kind === "https");
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, "127.0.0.1", resolve);
    });
    receiver.port = (receiver.#server.address() as AddressInfo).port;
    return receiver;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
