import { Outbound, type OutboundResult } from "../../notify/outbound.ts";
import { targetOf } from "../../notify/target.ts";
import { judgeHealth } from "./judge-health.ts";

/** `void`: this process was paused itself, so that time-outs of it say nothing of others. */
export type Probe =
  | { readonly type: "well" }
  | { readonly type: "ill"; readonly words: string }
  | { readonly type: "void" };

/** Beyond its time by this much, and the prober stood still itself. Milliseconds. */
const OWN_PAUSE_MS = 500;

/** Asks a server whether it lives, and whether a page would come through. */
export class Prober {
  readonly #origin: string;
  readonly #outbound: Outbound;

  /** @param origin address of the server, named by the operator: it may be loopback */
  constructor(origin: string) {
    const { hostname } = new URL(origin);
    this.#origin = origin;
    this.#outbound = new Outbound({ target: (url) => targetOf(url, [hostname]), now: Date.now });
  }

  /** @param limitMs for everything together */
  async probe(limitMs: number): Promise<Probe> {
    const begun = performance.now();
    const left = () => Math.max(1, limitMs - (performance.now() - begun));
    const words = await this.#words(left);
    if (words === null) return { type: "well" };
    return left() === 1 && performance.now() - begun > limitMs + OWN_PAUSE_MS
      ? { type: "void" }
      : { type: "ill", words };
  }

  close(): void {
    this.#outbound.close();
  }

  async #words(left: () => number): Promise<string | null> {
    const live = await this.#get("/health/live", left());
    if (live.type !== "answered") return `it does not answer (${live.error})`;
    if (live.status !== 200) return `/health/live answers ${live.status}`;
    const health = await this.#get("/health", left());
    if (health.type !== "answered") return `/health does not answer (${health.error})`;
    return judgeHealth(health.body.toString("utf8"), Date.now());
  }

  #get(path: string, timeoutMs: number): Promise<OutboundResult> {
    const url = `${this.#origin}${path}`;
    return this.#outbound.send({ url, method: "GET", headers: {}, body: null, timeoutMs });
  }
}
