import { lookup as lookupName } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { LIMITS } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { isPublicAddress, publicOnly } from "./public-address.ts";
import { filteringAgent } from "./late-libraries.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Refused, Target } from "./target.ts";
import { failureWords, isGuardsRefusal } from "./failure-words.ts";

export interface OutboundOptions {
  /** Reads and judges the text of an address: `targetOf` or `pushTargetOf` with the operator's hosts. */
  readonly target: (url: string) => Target | Refused;
  readonly now: () => number;
  /** How names are resolved. @default node's own look-up */
  readonly lookup?: LookupFunction;
  /** Certificate authorities trusted instead of Node's; for tests. Operators use NODE_EXTRA_CA_CERTS. */
  readonly ca?: string;
}

export interface OutboundRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Milliseconds. @default API_LIMITS.outboundMs */
  readonly timeoutMs?: number;
}

/** `refused`: we do not call this. `failed`: no answer came. Errors are words without paths, bodies or secrets. */
export type OutboundResult =
  | {
      readonly type: "answered";
      readonly status: number;
      readonly retryAfterMs: number | null;
      /** At most API_LIMITS.outboundAnswerBytes of it. */
      readonly body: Buffer;
    }
  | { readonly type: "refused"; readonly error: string }
  | { readonly type: "failed"; readonly error: string };

interface PartialAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly chunks: Buffer[];
  whole: boolean;
}

/** `unresolved`: its name says nothing now; it is looked at again whenever it is called. */
export type AddressVerdict =
  | { readonly type: "allowed" }
  | { readonly type: "refused" | "unresolved"; readonly error: string };

/**
 * The one way in which Batchwatch calls addresses that somebody gave it (docs/004). Whatever they are, a name that resolves to a
 * private, loopback, link-local or otherwise special address is not connected to, unless the operator named the host;
 * redirects are not followed, proxies of the environment not used, and time and bytes are bounded.
 */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #lookup: LookupFunction;
  readonly #pool: https.AgentOptions;
  #guarded: https.Agent | null = null;
  readonly #named: { readonly "http:": http.Agent; readonly "https:": https.Agent };

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#lookup = options.lookup ?? lookupName;
    this.#pool = {
      keepAlive: true,
      maxSockets: LIMITS.sendsPerHost,
      maxFreeSockets: API_LIMITS.outboundIdleSockets,
      timeout: API_LIMITS.outboundIdleMs,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      lookup: this.#lookup,
    };
    this.#named = { "http:": new http.Agent(this.#pool), "https:": new https.Agent(this.#pool) };
  }

  /** Loads what is not needed before the first call, so that this one need not wait for it. */
  warm(): void {
    this.#guard();
  }

  /** Judges an address before it is saved, with what its name resolves to now. */
  async check(address: string): Promise<AddressVerdict> {
    const target = this.#options.target(address);
    if ("refused" in target) return { type: "refused", error: target.refused };
    if (target.isNamed) return { type: "allowed" };
    const { url } = target;
    const literal = literalOf(url);
    const addresses = literal === null ? await this.#addressesOf(url.hostname) : [literal];
    if (addresses === null || addresses.length === 0) {
      return { type: "unresolved", error: `the name ${url.hostname} cannot be resolved now` };
    }
    return addresses.every(isPublicAddress)
      ? { type: "allowed" }
      : { type: "refused", error: privateWords(url.host) };
  }

  /** Calls an address; never throws. */
  async send(request: OutboundRequest): Promise<OutboundResult> {
    const target = this.#options.target(request.url);
    if ("refused" in target) return { type: "refused", error: target.refused };
    const literal = literalOf(target.url);
    if (!target.isNamed && literal !== null && !isPublicAddress(literal)) {
      return { type: "refused", error: privateWords(target.url.host) };
    }
    const until = performance.now() + (request.timeoutMs ?? API_LIMITS.outboundMs);
    try {
      const first = await this.#exchange(target, request, until);
      // A kept connection that the other side had closed meanwhile took nothing.
      const result = first === "stale" ? await this.#exchange(target, request, until) : first;
      if (result !== "stale") return result;
      return { type: "failed", error: `${target.url.host}: it closed the connection` };
    } catch (error) {
      return { type: "failed", error: failureWords(target.url.host, error) };
    }
  }

  /** Ends the kept connections. */
  close(): void {
    this.#guarded?.destroy();
    this.#named["http:"].destroy();
    this.#named["https:"].destroy();
  }

  /** Two guards of two makers, and both must let an address pass. */
  #guard(): https.Agent {
    this.#guarded ??= new (filteringAgent().RequestFilteringHttpsAgent)({
      ...this.#pool,
      lookup: publicOnly(this.#lookup),
    });
    return this.#guarded;
  }

  #addressesOf(hostname: string): Promise<readonly string[] | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), API_LIMITS.outboundMs);
      this.#lookup(hostname, { all: true }, (error, found) => {
        clearTimeout(timer);
        const list = Array.isArray(found) ? found.map((one) => one.address) : [found];
        resolve(error === null ? list : null);
      });
    });
  }

  #exchange(
    { url, isNamed }: Target,
    request: OutboundRequest,
    until: number,
  ): Promise<OutboundResult | "stale"> {
    return new Promise((resolve) => {
      const secure = url.protocol === "https:";
      const agent = isNamed ? this.#named[secure ? "https:" : "http:"] : this.#guard();
      let answer: PartialAnswer | null = null;
      let bytes = 0;
      const limitMs = Math.max(1, until - performance.now());

      let settled = false;
      const end = (error: unknown): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        // Its status stands, whatever becomes of the rest of the answer: a receiver that said 2xx has it.
        if (answer !== null) resolve(this.#answered(answer));
        else if (isGuardsRefusal(error))
          resolve({ type: "refused", error: privateWords(url.host) });
        else if (call.reusedSocket && isReset(error)) resolve("stale");
        else resolve({ type: "failed", error: failureWords(url.host, error) });
        // A whole answer leaves its connection to the next call.
        if (answer?.whole !== true) call.destroy();
      };
      const call = (secure ? https : http).request(url, {
        method: request.method,
        agent,
        headers: {
          "user-agent": "Batchwatch",
          ...request.headers,
          ...(request.body === null ? {} : { "content-length": request.body.length }),
        },
      });
      const timer = setTimeout(
        () => end(new Error(`no answer within ${Math.round(limitMs)} ms`)),
        limitMs,
      );
      call.on("response", (response) => {
        const begun: PartialAnswer = {
          status: response.statusCode ?? 0,
          retryAfter: response.headers["retry-after"],
          chunks: [],
          whole: false,
        };
        answer = begun;
        response.on("data", (chunk: Buffer) => {
          begun.chunks.push(chunk.subarray(0, API_LIMITS.outboundAnswerBytes - bytes));
          bytes += chunk.length;
          if (bytes >= API_LIMITS.outboundAnswerBytes) end(null);
        });
        response.on("end", () => {
          begun.whole = true;
          end(null);
        });
        response.on("error", end);
        response.on("close", () => end(null));
      });
      call.on("error", end);
      call.on("close", () => end(new Error("the connection was closed without an answer")));
      call.end(request.body ?? undefined);
    });
  }

  #answered(answer: PartialAnswer): OutboundResult {
    return {
      type: "answered",
      status: answer.status,
      retryAfterMs: retryAfterMs(answer.retryAfter, this.#options.now()),
      body: Buffer.concat(answer.chunks),
    };
  }
}

/** The address that a URL holds in the place of a name, without brackets. */
function literalOf({ hostname }: URL): string | null {
  const bare = hostname.replaceAll(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? null : bare;
}

function privateWords(host: string): string {
  return `${host} is a private or special address; name it in the allowed hosts if it is meant`;
}

function isReset(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : null;
  return code === "ECONNRESET" || code === "EPIPE";
}
