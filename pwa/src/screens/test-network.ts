import { vi } from "vitest";
import { forgetAccess } from "../offline/access.ts";

type Answer = (input: Record<string, unknown>) => unknown;

/** The server's side of the real client, for tests: answers by procedure, and what was called. */
export class TestNetwork {
  /** `undefined` is answered with NOT_FOUND, a thrown string with that code. */
  readonly answers: Record<string, Answer> = {};
  /** Refusals with a stable reason, by procedure; they come before its answer. */
  readonly refusals: Record<string, { readonly code: string; readonly reason: string }> = {};
  readonly calls: { readonly path: string; readonly input: Record<string, unknown> }[] = [];
  isDown = false;
  /** Answers of `/auth/*` and what they were asked with, by what follows: `sign-in`. */
  readonly auth: Record<string, (body: Record<string, unknown>) => Response> = {
    refresh: () => Response.json({ accessToken: "a-token", expiresAt: "2099-01-01T00:00:00.000Z" }),
  };

  constructor() {
    forgetAccess();
    vi.spyOn(globalThis, "fetch").mockImplementation((request, init) => {
      if (this.isDown) return Promise.reject(new TypeError("Failed to fetch"));
      return Promise.resolve(this.#respond(addressOf(request), init?.body));
    });
  }

  called(path: string): readonly Record<string, unknown>[] {
    return this.calls.filter((call) => call.path === path).map((call) => call.input);
  }

  #respond(address: string, body: unknown): Response {
    const url = new URL(address, "http://localhost");
    if (url.pathname.startsWith("/auth/")) return this.#authorize(url.pathname.slice(6), body);
    const text = typeof body === "string" ? body : (url.searchParams.get("input") ?? "{}");
    const inputs = JSON.parse(text) as Record<string, Record<string, unknown>>;
    const paths = url.pathname.replace("/trpc/", "").split(",");
    const results = paths.map((path, at) => {
      const input = inputs[String(at)] ?? {};
      this.calls.push({ path, input });
      return this.#answer(path, input);
    });
    return Response.json(results);
  }

  #authorize(name: string, body: unknown): Response {
    const input = JSON.parse(typeof body === "string" ? body : "{}") as Record<string, unknown>;
    this.calls.push({ path: `auth/${name}`, input });
    const answer = this.auth[name];
    return answer?.(input) ?? Response.json({ code: "not_found", message: "" }, { status: 404 });
  }

  #answer(path: string, input: Record<string, unknown>): object {
    const refused = this.refusals[path];
    if (refused !== undefined) return refusal(refused.code, refused.reason);
    try {
      const data = this.answers[path]?.(input);
      return data === undefined ? refusal("NOT_FOUND") : { result: { data } };
    } catch (error) {
      return refusal(String(error));
    }
  }
}

function addressOf(request: unknown): string {
  if (typeof request === "string") return request;
  return request instanceof URL ? request.href : (request as Request).url;
}

function refusal(code: string, reason?: string): object {
  const data = { code, httpStatus: 400, ...(reason !== undefined && { reason }) };
  return { error: { message: reason ?? code, code: -32_000, data } };
}
