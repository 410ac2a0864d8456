import type { TRPCError } from "@trpc/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import { PROCEDURE_RULES } from "../auth/policy.ts";
import type { Logger } from "../logger.ts";
import type { AccessLog } from "./access-log.ts";
import { LineBudget } from "./line-budget.ts";
import type { Metrics } from "./metrics.ts";

export interface RequestWatchOptions {
  readonly metrics: Pick<Metrics, "answered" | "callRefused">;
  readonly access: Pick<AccessLog, "refused">;
  readonly logger: Pick<Logger, "error">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What tRPC says of a call that failed. */
interface FailedCall {
  readonly error: TRPCError;
  readonly path: string | undefined;
}

/** Counts every answer by its route, and logs those that were refused or failed: by route and procedure, never by address or input. */
export class RequestWatch {
  readonly #options: RequestWatchOptions;
  /** Of lines with a stack: whoever finds a defect can make it happen as often as they like. */
  readonly #defects = new LineBudget();
  /** The calls that made a request fail: it has one line, with the first of them. */
  readonly #calls = new WeakMap<FastifyRequest, { procedure: string; code: string }>();

  constructor(options: RequestWatchOptions) {
    this.#options = options;
  }

  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { metrics, access } = this.#options;
    const route = request.routeOptions.url ?? "none";
    // What probes ask for is told by its status: 503 there is an answer, and no refusal.
    if (route.startsWith("/health")) return;
    const call = this.#calls.get(request);
    metrics.answered(route, reply.statusCode);
    // 207: some calls of the batch were refused.
    if (reply.statusCode < 400 && call === undefined) return;
    access.refused({
      method: request.method,
      route,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      address: request.ip,
      ...call,
    });
  }

  /** A route failed in our code. */
  failed(error: unknown, request: FastifyRequest): void {
    const route = request.routeOptions.url ?? "none";
    const skipped = this.#skipped();
    if (skipped === null) return;
    this.#options.logger.error({ err: error, route, skipped }, "a request failed in our code");
  }

  /** A call over HTTP failed; its line is written with the answer. */
  callFailed({ error, path, req }: FailedCall & { readonly req: FastifyRequest }): void {
    const call = this.#counted({ error, path });
    if (!this.#calls.has(req)) this.#calls.set(req, call);
  }

  /** A call over a socket failed: there is no answer to write a line with. */
  socketCallFailed(failed: FailedCall, address: string): void {
    const call = this.#counted(failed);
    const refused = { method: "WS", route: "/trpc", status: 0, durationMs: 0, address };
    this.#options.access.refused({ ...refused, ...call });
  }

  #counted({ error, path }: FailedCall): { procedure: string; code: string } {
    // The path is what was asked for: only names of ours are told.
    const procedure = Object.hasOwn(PROCEDURE_RULES, path ?? "") ? String(path) : "unknown";
    const { code } = error;
    this.#options.metrics.callRefused(procedure, code);
    const skipped = code === "INTERNAL_SERVER_ERROR" ? this.#skipped() : null;
    if (skipped !== null) {
      const err = error.cause ?? error;
      this.#options.logger.error({ err, procedure, skipped }, "a call failed");
    }
    return { procedure, code };
  }

  /** What a line with a stack says of those before it that were left out; null: this one is left out. */
  #skipped(): number | undefined | null {
    const before = this.#defects.next(this.#options.now());
    return before === 0 ? undefined : before;
  }
}
