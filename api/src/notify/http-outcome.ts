import type { SendOutcome } from "@batchwatch/engine";
import type { OutboundResult } from "./outbound.ts";

/** Client errors that say "not now" instead of "never": request timeout, too early, too many requests. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What an answer means for a message: 2xx took it; what is worth another try has failed; everything else needs somebody to
 * change something first.
 */
export function outcomeOf(result: OutboundResult, receiver: string): SendOutcome {
  if (result.type === "refused") return result;
  if (result.type === "failed") return { ...result, retryAfterMs: null };
  const { status, retryAfterMs } = result;
  if (status >= 200 && status < 300) return { type: "sent" };
  if (status >= 300 && status < 400) {
    const error = `${receiver} answered ${status}, a redirect, which is not followed`;
    return { type: "refused", error };
  }
  const error = `${receiver} answered ${status}`;
  if (status >= 500 || NOT_NOW.has(status)) return { type: "failed", error, retryAfterMs };
  return { type: "refused", error };
}
