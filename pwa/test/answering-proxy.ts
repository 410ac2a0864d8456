import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** How a procedure is answered in a test: its data, or a refusal. */
export type Answer = (
  input: unknown,
) => { readonly data: unknown } | { readonly status: number; readonly error: object };

export interface SeenCall {
  readonly procedure: string;
  readonly input: unknown;
}

interface Call {
  readonly procedure: string;
  readonly input: unknown;
}

/**
 * Stands before the real server: passes everything on, answers the procedures that a test names, serves the files
 * that it replaces, and is gone when the test says so. Sees what pages and service workers alike ask for.
 */
export class AnsweringProxy {
  readonly answers = new Map<string, Answer>();
  readonly files = new Map<string, string>();
  readonly seen: SeenCall[] = [];
  isAway = false;
  #target = 0;
  readonly #server = createServer((incoming, response) => void this.#serve(incoming, response));
  readonly #sockets = new Set<Duplex>();

  static async listen(): Promise<AnsweringProxy> {
    const proxy = new AnsweringProxy();
    proxy.#server.on("connection", (socket) => proxy.#keep(socket));
    proxy.#server.on("upgrade", (incoming, socket, head) => proxy.#tunnel(incoming, socket, head));
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  leadTo(port: number): void {
    this.#target = port;
  }

  /** Inputs of the calls of one procedure so far. */
  inputsOf(procedure: string): readonly unknown[] {
    return this.seen.filter((call) => call.procedure === procedure).map(({ input }) => input);
  }

  /** Cuts what is open; nothing is accepted while it is away. */
  setAway(isAway: boolean): void {
    this.isAway = isAway;
    if (isAway) for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #keep(socket: Duplex): void {
    if (this.isAway) socket.destroy();
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", this.url);
    const body = await read(incoming);
    const file = this.files.get(url.pathname);
    if (file !== undefined) {
      response.setHeader("content-type", "text/javascript");
      response.setHeader("cache-control", "no-cache");
      response.end(file);
      return;
    }
    const calls = callsOf(url, body);
    this.seen.push(...calls);
    if (!calls.some(({ procedure }) => this.answers.has(procedure))) {
      this.#pass(incoming, body, response);
      return;
    }
    const isBatch = url.searchParams.has("batch");
    const replies = await Promise.all(calls.map((call) => this.#reply(call, incoming)));
    const statuses = new Set(replies.map(({ status }) => status));
    const [only = 200] = statuses;
    response.writeHead(statuses.size === 1 ? only : 207, { "content-type": "application/json" });
    response.end(JSON.stringify(isBatch ? replies.map((one) => one.json) : replies[0]?.json));
  }

  async #reply(
    call: Call,
    incoming: IncomingMessage,
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const answer = this.answers.get(call.procedure);
    if (answer === undefined) return this.#forward(call, incoming);
    const given = answer(call.input);
    if ("data" in given) return { status: 200, json: { result: { data: given.data } } };
    return { status: given.status, json: { error: given.error } };
  }

  /** One call of a batch whose others are answered here. */
  async #forward(
    { procedure, input }: Call,
    incoming: IncomingMessage,
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const isGet = incoming.method === "GET";
    const query = isGet && input !== undefined ? `?input=${encode(input)}` : "";
    const response = await fetch(`http://127.0.0.1:${this.#target}/trpc/${procedure}${query}`, {
      method: isGet ? "GET" : "POST",
      headers: {
        authorization: incoming.headers.authorization ?? "",
        "content-type": "application/json",
      },
      ...(!isGet && { body: JSON.stringify(input) }),
    });
    return { status: response.status, json: await response.json() };
  }

  #pass(incoming: IncomingMessage, body: string, response: ServerResponse): void {
    const { method, headers, url } = incoming;
    const onward = request(
      { host: "127.0.0.1", port: this.#target, method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    onward.end(body);
  }

  #tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onward = connect(this.#target, "127.0.0.1", () => {
      const { rawHeaders } = incoming;
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let index = 0; index < rawHeaders.length; index += 2) {
        lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
      }
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(socket);
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }
}

function callsOf(url: URL, body: string): readonly Call[] {
  if (!url.pathname.startsWith("/trpc/")) return [];
  const procedures = url.pathname.slice("/trpc/".length).split(",");
  const text = url.searchParams.get("input") ?? body;
  const input: unknown = text === "" ? undefined : JSON.parse(text);
  if (!url.searchParams.has("batch")) return [{ procedure: procedures[0] ?? "", input }];
  const inputs = (input ?? {}) as Readonly<Record<number, unknown>>;
  return procedures.map((procedure, index) => ({ procedure, input: inputs[index] }));
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function encode(input: unknown): string {
  return encodeURIComponent(JSON.stringify(input));
}
