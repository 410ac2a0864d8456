import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { BenchError } from "../bench-error.ts";
import { LatencyHistogram } from "../histogram.ts";
import { BENCH_OPTIONS } from "../options.ts";

const PATH = "/api/v1/observations";

export interface SustainOptions {
  readonly url: string;
  readonly key: string;
  readonly seconds: number;
  readonly perRequest: number;
  /** The JSON body of the next so many events. */
  readonly nextBody: (count: number) => string;
  /** @default BENCH_OPTIONS.connections */
  readonly connections?: number;
}

export interface Sustained {
  /** Events that the server said it took. */
  readonly accepted: number;
  readonly requests: number;
  /** Answers 503; the same body was sent again after the wait that the answer named. */
  readonly busy: number;
  readonly elapsedMs: number;
  /** Of a request, from its sending: this load is a closed set of connections, so it says nothing of a queue before. */
  readonly latency: LatencyHistogram;
}

function acceptedOf(text: string): number {
  const answer: unknown = JSON.parse(text);
  const value =
    typeof answer === "object" && answer !== null ? Reflect.get(answer, "accepted") : undefined;
  return typeof value === "number" ? value : 0;
}

/** Each connection sends its next request when the last was answered, until the time is over. */
export async function sustain(options: SustainOptions): Promise<Sustained> {
  const { url, key, seconds, perRequest, nextBody } = options;
  const connections = options.connections ?? BENCH_OPTIONS.connections;
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const latency = new LatencyHistogram();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let accepted = 0;
  let requests = 0;
  let busy = 0;

  async function post(body: string): Promise<void> {
    for (;;) {
      const sentAt = performance.now();
      const answer = await pool.request({ path: PATH, method: "POST", headers, body });
      const text = await answer.body.text();
      requests += 1;
      if (answer.statusCode === 202) {
        latency.record(performance.now() - sentAt);
        accepted += acceptedOf(text);
        return;
      }
      if (answer.statusCode !== 503) {
        throw new BenchError("refused", `Intake answered ${answer.statusCode}: ${text}`);
      }
      busy += 1;
      await delay(1_000 * Number(answer.headers["retry-after"] ?? 1));
    }
  }

  async function connection(): Promise<void> {
    while (performance.now() < endsAt) await post(nextBody(perRequest));
  }

  try {
    await Promise.all(Array.from({ length: connections }, connection));
    return { accepted, requests, busy, elapsedMs: performance.now() - startedAt, latency };
  } finally {
    await pool.close();
  }
}
