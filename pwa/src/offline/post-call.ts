import { authorized, isPagedOnly } from "./access.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";

/** What a call came to. `later`: no answer of this server, or one that says to come back. */
export type CallResult =
  | { readonly kind: "answered"; readonly data: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  /** `isAll`: no other call would be answered either. */
  | { readonly kind: "signed-out"; readonly isAll: boolean }
  | { readonly kind: "later"; readonly retryAfterMs: number | null };

/** Sends a mutation to the server; never rejects. */
export type Call = (path: string, input: object) => Promise<CallResult>;

const LATER: CallResult = { kind: "later", retryAfterMs: null };
/** Refusals that time cures. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * One mutation without the tRPC client, which is too large for a service worker. `keepalive` lets it arrive when
 * the page is closed meanwhile; a redirect is a captive portal's and never ours.
 */
export const postCall: Call = async (path, input) => {
  try {
    const response = await authorized(`/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
      redirect: "error",
      cache: "no-store",
      keepalive: true,
      signal: AbortSignal.timeout(LIMITS.callTimeoutMs),
    });
    const body: unknown = await response.json();
    const result = callResult(response.status, body, response.headers.get("retry-after"));
    // More than a paired device may do: it waits until somebody signs in.
    const isTooMuch = isPagedOnly() && [401, 403].includes(response.status);
    return isTooMuch ? { kind: "signed-out", isAll: false } : result;
  } catch {
    return LATER;
  }
};

/**
 * Only an answer in this server's own form ends a call: `{result: {data}}` or `{error: {message, data: {code}}}`.
 * @param retryAfter the header's seconds
 */
export function callResult(status: number, body: unknown, retryAfter: string | null): CallResult {
  const result = part(body, "result");
  if (status >= 200 && status < 300) {
    return result === null ? LATER : { kind: "answered", data: result["data"] ?? null };
  }
  const seconds = Number(retryAfter ?? "");
  const retryAfterMs = seconds > 0 ? seconds * 1_000 : null;
  const error = part(body, "error");
  const data = part(error, "data");
  const code = data?.["code"];
  if (status >= 500 || PASSING.has(status)) return { kind: "later", retryAfterMs };
  if (status < 400 || typeof code !== "string") return LATER;
  if (status === 401) return { kind: "signed-out", isAll: true };
  const reason = data?.["reason"];
  const message = error?.["message"];
  return {
    kind: "refused",
    code: typeof reason === "string" ? reason : code,
    message: typeof message === "string" ? message : "",
  };
}

function part(value: unknown, name: string): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || !(name in value)) return null;
  const inner = (value as Readonly<Record<string, unknown>>)[name];
  return typeof inner === "object" && inner !== null
    ? (inner as Readonly<Record<string, unknown>>)
    : null;
}
