import { type LiveItem, partitionOf } from "@batchwatch/engine";
import { onTestFinished } from "vitest";
import { eventually, type ServerProcess } from "./server-process.ts";

/** Pause between two requests, ms. */
const PAUSE_MS = 10;

export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: string | null;
}

/**
 * Sends one fact after the other, each of a job of its own and so of any shard, and watches the board as a page does: what was acknowledged, what was refused
 * and how, and how long each acknowledged fact took to show.
 */
export class Traffic {
  readonly refused: Refused[] = [];
  readonly #server: ServerProcess;
  readonly #key: string;
  readonly #token: string;
  readonly #acknowledged = new Map<string, number>();
  readonly #shown = new Map<string, { at: number; jobId: string }>();
  readonly #close: () => void;
  #sent = 0;
  #running: Promise<void>;
  #stopping = false;

  private constructor(server: ServerProcess, key: string, token: string, from: string) {
    this.#server = server;
    this.#key = key;
    this.#token = token;
    const client = server.client(token);
    client.trpc.live.changes.subscribe(
      { lastEventId: from },
      { onData: ({ data }: { data: LiveItem }) => this.#receive(data) },
    );
    this.#close = client.close;
    this.#running = this.#send();
    onTestFinished(() => this.end());
  }

  static async start(server: ServerProcess, key: string, token: string): Promise<Traffic> {
    const { trpc, close } = server.client(token);
    const { epoch, seq } = await trpc.dashboard.get.query();
    close();
    return new Traffic(server, key, token, `${epoch}:${seq}`);
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** Resolves when this many more facts were acknowledged and are on the board. */
  async flows(facts: number, withinMs = 4_000): Promise<void> {
    const from = this.#acknowledged.size;
    await eventually(
      () => this.#acknowledged.size - from,
      (more) => more >= facts,
      withinMs,
    );
    const keys = [...this.#acknowledged.keys()].slice(from, from + facts);
    await eventually(
      () => keys.filter((key) => !this.#shown.has(key)),
      (missing) => missing.length === 0,
      withinMs,
    );
  }

  async end(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    this.#close();
  }

  /** Stops sending and waits until everything acknowledged is on the board and in the store. */
  async settle(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    await eventually(
      () => [...this.#acknowledged.keys()].filter((key) => !this.#shown.has(key)),
      (missing) => missing.length === 0,
      10_000,
    );
    await eventually(
      () => this.#stored(),
      (stored) => [...this.#acknowledged.keys()].every((key) => stored.has(key)),
      10_000,
    );
  }

  /** 99th percentile of the time from the acknowledgement to the board, ms, of jobs that are not of this shard. */
  p99OutsideOf(shard: number, shards: number, from: number): number {
    const times = [...this.#shown]
      .filter(([, { jobId }]) => partitionOf(jobId) % shards !== shard)
      .flatMap(([key, { at }]) => {
        const acknowledged = this.#acknowledged.get(key);
        return acknowledged === undefined || acknowledged < from ? [] : [at - acknowledged];
      })
      .sort((a, b) => a - b);
    return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  }

  async #send(): Promise<void> {
    while (!this.#stopping) {
      this.#sent += 1;
      const id = `run-${this.#sent}`;
      const fact = {
        job: { name: `job-${this.#sent}` },
        run: { id },
        kind: "succeeded",
        at: new Date().toISOString(),
      };
      const response = await this.#server.post(
        "/api/v1/observations",
        this.#key,
        JSON.stringify([fact]),
      );
      const answer = (await response.json()) as { code?: string };
      if (response.status === 202) this.#acknowledged.set(id, Date.now());
      else {
        const retryAfter = response.headers.get("retry-after");
        this.refused.push({ status: response.status, code: answer.code ?? "", retryAfter });
      }
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }

  #receive(item: LiveItem): void {
    if (item.type !== "changes") return;
    for (const row of item.changes) {
      if (row.kind === "run" && !this.#shown.has(row.runKey)) {
        this.#shown.set(row.runKey, { at: Date.now(), jobId: row.jobId });
      }
    }
  }

  async #stored(): Promise<ReadonlySet<string>> {
    const { trpc, close } = this.#server.client(this.#token);
    const keys = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: { items: { runKey: string }[]; nextCursor: string | null } =
        await trpc.runs.list.query({ limit: 200, cursor });
      for (const run of page.items) keys.add(run.runKey);
      cursor = page.nextCursor;
    } while (cursor !== null);
    close();
    return keys;
  }
}

/** The value of a metric line, for example `batchwatch_thread_restarts_total{thread="log"}`. */
export async function metric(server: ServerProcess, line: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const found = text.split("\n").find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1));
}

export async function healthOf(
  server: ServerProcess,
  component: string,
): Promise<{ status: string; summary: string }> {
  const answer = (await (await fetch(`${server.url}/health`)).json()) as {
    components: Record<string, { status: string; details: { summary: string } }>;
  };
  const one = answer.components[component];
  return { status: one?.status ?? "", summary: one?.details.summary ?? "" };
}
