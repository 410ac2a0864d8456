import type { FastifyInstance } from "fastify";
import { strictJson } from "../strict-json.ts";

/** JSON, read strictly, is all that routes take which set no parser of their own. */
export function strictBodies(app: FastifyInstance): void {
  jsonOnly(app, (text) => (text === "" ? undefined : readJson(text)));
}

/** Bodies are JSON text; `read` makes of it what the route gets, or throws. Anything else is 415. */
export function jsonOnly(app: FastifyInstance, read: (text: string) => unknown): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, read(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Fails with 400 `invalid_json` and words that say what would be right. */
export function readJson(text: string): unknown {
  try {
    return strictJson(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : "The body must be JSON.";
    const code = "FST_ERR_CTP_INVALID_JSON_BODY";
    throw Object.assign(new Error(message), { statusCode: 400, code });
  }
}
