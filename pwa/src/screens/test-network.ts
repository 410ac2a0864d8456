import { vi } from "vitest";

type Answer = (input: Record<string, unknown>) => unknown;

/** The server's side of the real client, for tests: answers by procedure, and what was called. */
export class TestNetwork {
  /** `undefined` is answered with NOT_FOUND, a thrown string with that code. */
  readonly answers: Record<string, Answer> = {};
  readonly calls: { readonly path: string; readonly input: Record<string, unknown> }[] = [];
  isDown = false;

  constructor() {
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

  #answer(path: string, input: Record<string, unknown>): object {
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

function refusal(code: string): object {
  return { error: { message: code, code: -32_000, data: { code, httpStatus: 400 } } };
}
