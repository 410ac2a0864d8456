import { Pool } from "undici";
import { BenchError } from "../bench-error.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { pace } from "../pacer.ts";
import type { Ledger, LedgerRequest } from "./ledger.ts";

export interface CrashLoadOptions {
  readonly url: string;
  readonly key: string;
  readonly ledger: Ledger;
  readonly perRequest: number;
}

/** Sends a ledger's requests to a server that may die, and keeps those that were not answered. */
export class CrashLoad {
  readonly #options: CrashLoadOptions;
  readonly #pool: Pool;
  #unanswered: LedgerRequest[] = [];

  constructor(options: CrashLoadOptions) {
    this.#options = options;
    this.#pool = new Pool(options.url, { connections: BENCH_OPTIONS.connections, pipelining: 1 });
  }

  /** So many new requests, open loop; resolves when each was answered or has failed. */
  async send(count: number, perSecond: number): Promise<void> {
    const { ledger, perRequest } = this.#options;
    const outcomes: Promise<void>[] = [];
    await pace({ perSecond, count }, () => {
      outcomes.push(this.#post(ledger.next(perRequest, Date.now())));
    });
    await Promise.all(outcomes);
  }

  /** As a producer does after a failure: the same requests again, until each is acknowledged. */
  async sendAgain(): Promise<void> {
    const requests = this.#unanswered;
    this.#unanswered = [];
    for (const request of requests) await this.#post(request);
    if (this.#unanswered.length > 0) {
      throw new BenchError("refused", `${this.#unanswered.length} requests failed again.`);
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #post(request: LedgerRequest): Promise<void> {
    let status: number;
    let text: string;
    try {
      const { statusCode, body } = await this.#pool.request({
        path: "/api/v1/observations",
        method: "POST",
        headers: {
          authorization: `Bearer ${this.#options.key}`,
          "content-type": "application/json",
        },
        body: request.body,
      });
      status = statusCode;
      text = await body.text();
    } catch {
      // The server died under it: nothing is known of this request, so nothing is claimed.
      this.#unanswered.push(request);
      return;
    }
    if (status === 202) this.#options.ledger.acknowledge(request);
    else if (status === 503) this.#unanswered.push(request);
    else throw new BenchError("refused", `Intake answered ${status}: ${text}`);
  }
}
