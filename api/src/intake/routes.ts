import type { AdmitRequest, Source, SourceContract } from "@batchwatch/engine";
import { LIMITS } from "@batchwatch/engine";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import { bearerToken } from "../auth/bearer.ts";
import { API_LIMITS } from "../options.ts";
import type { Gate } from "./gate.ts";

interface IntakeRoute {
  readonly url: string;
  readonly contract: AdmitRequest["contract"];
  readonly sourceContract: SourceContract;
}

const ROUTES: readonly IntakeRoute[] = [
  { url: "/api/v1/observations", contract: "native", sourceContract: "native" },
  { url: "/api/v1/lineage", contract: "openlineage", sourceContract: "openlineage" },
  { url: "/api/v1/lineage/batch", contract: "openlineage-batch", sourceContract: "openlineage" },
];

const unzip = promisify(gunzip);

/** Every intake route: who is it, how large is it, and then the gate. */
export async function intakeRoutes(
  app: FastifyInstance,
  options: { gate: Gate; sourceByKey: (key: string) => Source | null },
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  for (const route of ROUTES) {
    app.post(route.url, { bodyLimit: LIMITS.bodyBytes }, async (request, reply) => {
      const source = sourceOf(request, options.sourceByKey);
      if (source === null) {
        return refuse(
          reply,
          401,
          "unauthorized",
          "Send the source's key as Authorization: Bearer <key>.",
        );
      }
      if (source.contract !== route.sourceContract) {
        const message = `This key belongs to a source of the contract ${source.contract}, not ${route.sourceContract}.`;
        return refuse(reply, 403, "wrong_contract", message);
      }
      const bytes = await bodyOf(request);
      if (bytes === "too-large") {
        return refuse(
          reply,
          413,
          "body_too_large",
          `A body holds at most ${LIMITS.bodyBytes} bytes, unpacked.`,
        );
      }
      if (bytes === "not-gzip") {
        return refuse(
          reply,
          400,
          "invalid_encoding",
          "Content-Encoding must be absent or gzip, and the body must match it.",
        );
      }
      const contentType = request.headers["content-type"] ?? null;
      const answer = await options.gate.take(route.contract, source, bytes, contentType);
      if (answer.type === "busy") {
        void reply.header("retry-after", API_LIMITS.retryAfterSeconds);
        return refuse(reply, 503, answer.code, answer.message);
      }
      void reply.status(answer.status);
      return answer.body === null ? reply.send() : reply.send(answer.body);
    });
  }
}

function sourceOf(
  request: FastifyRequest,
  sourceByKey: (key: string) => Source | null,
): Source | null {
  const key = bearerToken(request.headers.authorization);
  return key === null ? null : sourceByKey(key);
}

/** The body's bytes, unpacked within the limit: a small body cannot unfold into a large one. */
async function bodyOf(request: FastifyRequest): Promise<Uint8Array | "too-large" | "not-gzip"> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return body;
  if (encoding !== "gzip") return "not-gzip";
  try {
    return await unzip(body, { maxOutputLength: LIMITS.bodyBytes });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    return code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "not-gzip";
  }
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.status(status).send({ code, message });
}
