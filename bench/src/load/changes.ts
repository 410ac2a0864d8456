import { Pool } from "undici";
import { BenchError } from "../bench-error.ts";
import { epochMs, TICKS_PER_MS } from "../epoch-ms.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { pace } from "../pacer.ts";

/** More jobs than changes in any tick, so that no change overtakes one of the same job. */
const JOBS = 500;

export interface ChangesOptions {
  readonly url: string;
  readonly key: string;
  readonly perSecond: number;
  readonly count: number;
}

/** Sends so many changes a second of the board, open loop, one request each. */
export class Changes {
  readonly #options: ChangesOptions;
  readonly #pool: Pool;

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#pool = new Pool(options.url, { connections: BENCH_OPTIONS.connections, pipelining: 1 });
  }

  /** Starts one run of each job, so that what follows only changes rows that are known. */
  async begin(): Promise<void> {
    const at = new Date().toISOString();
    const started = Array.from({ length: JOBS }, (_, job) => ({
      ...headOf(job),
      kind: "started",
      at,
    }));
    await this.#post(started);
  }

  /** Resolves when all were answered. The time that a change was meant to be sent is its progress. */
  async send(): Promise<void> {
    const { perSecond, count } = this.#options;
    const offset = epochMs() - performance.now();
    const answers: Promise<void>[] = [];
    await pace({ perSecond, count }, (index, intendedAt) => {
      const done = Math.round((offset + intendedAt) * TICKS_PER_MS);
      const at = new Date().toISOString();
      const change = { ...headOf(index % JOBS), kind: "progress", at, progress: { done } };
      answers.push(this.#post([change]));
    });
    await Promise.all(answers);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #post(members: readonly unknown[]): Promise<void> {
    const { statusCode, body } = await this.#pool.request({
      path: "/api/v1/observations",
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#options.key}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(members),
    });
    const text = await body.text();
    if (statusCode !== 202)
      throw new BenchError("refused", `Intake answered ${statusCode}: ${text}`);
  }
}

function headOf(job: number): { job: { namespace: string; name: string }; run: { id: string } } {
  return { job: { namespace: "bench", name: `live-${job}` }, run: { id: `run-${job}` } };
}
