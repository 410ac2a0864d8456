import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BenchError } from "../bench-error.ts";
import { BENCH_OPTIONS } from "../options.ts";

const HEAD_END = Buffer.from("\r\n\r\n");
const LENGTH = /^content-length: (\d+)\r?$/im;
const RETRY_AFTER = /^retry-after: (\d+)\r?$/im;
const CLOSES = /^connection: close\r?$/im;
/** `HTTP/1.1 ` and its three digits. */
const STATUS_FROM = 9;
const STATUS_TO = 12;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds. */
  readonly retryAfter: number | null;
}

export interface KeepAliveOptions {
  readonly url: string;
  readonly path: string;
  /** Header lines beside Host and Content-Length, without line ends. */
  readonly headers: readonly string[];
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection that posts a body, takes the answer and posts the next: the load shares the cores with the server that it
 * loads, so it must cost little. It knows of HTTP what our servers say: a length, and when they close.
 */
export class KeepAlive {
  readonly #url: URL;
  readonly #head: string;
  #socket: Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | null = null;

  constructor({ url, path, headers }: KeepAliveOptions) {
    this.#url = new URL(url);
    const lines = [`POST ${path} HTTP/1.1`, `host: ${this.#url.host}`, ...headers];
    this.#head = `${lines.join("\r\n")}\r\ncontent-length: `;
  }

  /** @param body ASCII. @throws {BenchError} when the connection ends without an answer, or takes too long */
  async post(body: string): Promise<Answer> {
    const socket = this.#socket ?? (await this.#connected());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(`${this.#head}${body.length}\r\n\r\n${body}`, "latin1");
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #connected(): Promise<Socket> {
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    socket.setNoDelay(true);
    socket.setTimeout(BENCH_OPTIONS.requestTimeoutMs, () => socket.destroy());
    await once(socket, "connect");
    socket.on("data", (bytes) => this.#receive(bytes));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = null;
      this.#take()?.reject(new BenchError("refused", "The server ended a connection."));
    });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    return socket;
  }

  #receive(bytes: Buffer): void {
    const received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    this.#received = received;
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = received.toString("latin1", 0, headEnd);
    const said = LENGTH.exec(head)?.[1];
    if (said === undefined) {
      this.#take()?.reject(new BenchError("refused", "An answer did not say its length."));
      this.close();
      return;
    }
    const length = Number(said);
    const from = headEnd + HEAD_END.length;
    if (received.length < from + length) return;
    this.#received = received.subarray(from + length);
    const waiting = this.#take();
    if (CLOSES.test(head)) this.close();
    const retryAfter = RETRY_AFTER.exec(head)?.[1];
    waiting?.resolve({
      status: Number(head.slice(STATUS_FROM, STATUS_TO)),
      text: received.toString("utf8", from, from + length),
      retryAfter: retryAfter === undefined ? null : Number(retryAfter),
    });
  }

  #take(): Waiting | null {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }
}
