import { BenchError } from "../bench-error.ts";
import { Child } from "../child-process.ts";
import { LatencyHistogram } from "../histogram.ts";
import { nextMessage } from "../next-message.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import type { FromPhones, PhonesRequest } from "./messages.ts";

export interface PhonesResult {
  /** Change → phone, over all phones. */
  readonly latency: LatencyHistogram;
  /** The same, only of the phones that run the client library. */
  readonly clientLatency: LatencyHistogram;
  /** Changes at the phone that got the fewest. */
  readonly fewest: number;
  readonly lost: number;
}

/** Subscribed phones, in processes of their own. */
export class Phones {
  readonly #children: readonly Child[];

  private constructor(children: readonly Child[]) {
    this.#children = children;
  }

  /** Opens them all; resolves when every subscription has started. */
  static async open(url: string, phones: number, tokens: readonly string[]): Promise<Phones> {
    const { phonesPerChild, phonesPerUser, clientPhonesPerChild } = BENCH_OPTIONS;
    const usersPerChild = Math.ceil(phonesPerChild / phonesPerUser);
    const children: Child[] = [];
    for (let first = 0; first < phones; first += phonesPerChild) {
      const user = (first / phonesPerChild) * usersPerChild;
      const request: PhonesRequest = {
        url,
        phones: Math.min(phonesPerChild, phones - first),
        clientPhones: clientPhonesPerChild,
        tokens: tokens.slice(user, user + usersPerChild),
        phonesPerToken: phonesPerUser,
      };
      const args = [PATHS.child("phones"), JSON.stringify(request)];
      children.push(new Child(process.execPath, args, { messages: true }));
    }
    const opened = new Phones(children);
    try {
      await Promise.all(children.map(ready));
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** What they have got so far. */
  async report(): Promise<PhonesResult> {
    const latency = new LatencyHistogram();
    const clientLatency = new LatencyHistogram();
    let fewest = Number.POSITIVE_INFINITY;
    let lost = 0;
    for (const child of this.#children) {
      const answer = nextMessage<FromPhones>(child, BENCH_OPTIONS.requestTimeoutMs);
      child.process.send({ type: "report" });
      const result = await answer;
      if (result.type !== "result")
        throw new BenchError("child_failed", "The phones did not report.");
      latency.add(new LatencyHistogram(result.histogram));
      clientLatency.add(new LatencyHistogram(result.clientHistogram));
      fewest = Math.min(fewest, result.fewest);
      lost += result.lost;
    }
    return { latency, clientLatency, fewest, lost };
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}

async function ready(child: Child): Promise<void> {
  const message = await nextMessage<FromPhones>(child, BENCH_OPTIONS.childReadyTimeoutMs);
  if (message.type === "failed") {
    throw new BenchError("child_failed", `A phone could not subscribe: ${message.message}`);
  }
}

/** Users needed for so many phones. */
export function usersFor(phones: number): number {
  const { phonesPerChild, phonesPerUser } = BENCH_OPTIONS;
  const full = Math.floor(phones / phonesPerChild) * Math.ceil(phonesPerChild / phonesPerUser);
  return full + Math.ceil((phones % phonesPerChild) / phonesPerUser);
}
