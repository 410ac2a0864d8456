import { type ChildProcess, spawn } from "node:child_process";
import type { LiveItem } from "@batchwatch/engine";
import type { ServerProcess } from "./server-process.ts";

/** Pause between two questions, and between two facts, ms. */
const QUESTION_MS = 15;
const FACT_MS = 40;
/** What takes longer counts as this long, ms. */
const LONGEST_MS = 10_000;

export interface Latencies {
  /** Milliseconds that a query took, one after the other. */
  readonly queries: readonly number[];
  /** Milliseconds from sending a fact to its row at a reader of the live stream. */
  readonly changes: readonly number[];
  /** Milliseconds of a server beside ours that does nothing: what the machine itself takes. */
  readonly machine: readonly number[];
}

/**
 * A well-behaved client: asks, sends facts of a few runs, and reads the live stream on one socket for as long as it lives. Beside it, the same
 * questions to a server that does nothing tell how busy the machine is.
 */
export class Probe {
  readonly #server: ServerProcess;
  readonly #token: string;
  readonly #key: string;
  readonly #idle: { readonly process: ChildProcess; readonly url: string };
  readonly #close: () => void;
  readonly #waiting = new Map<string, { readonly done: number; readonly shown: () => void }>();
  #facts = 0;

  private constructor(
    server: ServerProcess,
    token: string,
    key: string,
    from: string,
    idle: { readonly process: ChildProcess; readonly url: string },
  ) {
    this.#server = server;
    this.#token = token;
    this.#key = key;
    this.#idle = idle;
    const { trpc, close } = server.client(token);
    this.#close = close;
    trpc.live.changes.subscribe(
      { lastEventId: from },
      { onData: ({ data }: { data: LiveItem }) => this.#receive(data) },
    );
  }

  static async start(server: ServerProcess, token: string, key: string): Promise<Probe> {
    const { trpc, close } = server.client(token);
    const { epoch, seq } = await trpc.dashboard.get.query();
    close();
    return new Probe(server, token, key, `${epoch}:${seq}`, await idleServer());
  }

  /** Measures for so long, and for as long as `of` lasts. */
  async measure(ms: number, of: Promise<unknown> = Promise.resolve()): Promise<Latencies> {
    const until = Date.now() + ms;
    let over = false;
    const ended = of.finally(() => {
      over = true;
    });
    const goesOn = () => Date.now() < until || !over;
    const repeat = async (into: number[], pauseMs: number, work: () => Promise<void>) => {
      while (goesOn()) {
        into.push(await timed(work()));
        await pause(pauseMs);
      }
    };
    const [queries, changes, machine]: [number[], number[], number[]] = [[], [], []];
    const { url } = this.#server;
    const headers = { authorization: `Bearer ${this.#token}` };
    await Promise.all([
      ended,
      repeat(queries, QUESTION_MS, () => ask(`${url}/trpc/me.get`, headers)),
      repeat(machine, QUESTION_MS, () => ask(this.#idle.url, {})),
      repeat(changes, FACT_MS, () => this.#tell("one")),
      repeat(changes, FACT_MS, () => this.#tell("other")),
    ]);
    return { queries, changes, machine };
  }

  stop(): void {
    this.#close();
    this.#idle.process.kill();
  }

  /** A run of the job gets further: no more is held after many of these than after one. */
  async #tell(name: string): Promise<void> {
    this.#facts += 1;
    const done = this.#facts;
    const shown = new Promise<void>((resolve) => {
      this.#waiting.set(name, { done, shown: resolve });
    });
    const run = { job: { name }, run: { id: "1" }, at: new Date().toISOString() };
    const fact = { ...run, kind: "progress", progress: { done } };
    const body = JSON.stringify([fact]);
    const { status } = await this.#server.post("/api/v1/observations", this.#key, body);
    if (status !== 202) throw new Error(`a fact was answered ${status}`);
    await Promise.race([shown, pause(LONGEST_MS)]);
  }

  #receive(item: LiveItem): void {
    if (item.type !== "changes") return;
    for (const row of item.changes) {
      if (row.kind !== "run") continue;
      const waiting = this.#waiting.get(row.jobName);
      if (waiting !== undefined && (row.progress?.done ?? 0) >= waiting.done) waiting.shown();
    }
  }
}

export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

const IDLE = `
  const server = require("node:http").createServer((_request, response) => response.end("ok"));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

async function idleServer(): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ["-e", IDLE], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return { process: child, url: `http://127.0.0.1:${port}/` };
}

async function ask(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} was answered ${response.status}`);
}

async function timed(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
