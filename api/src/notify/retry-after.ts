import { API_LIMITS } from "../options.ts";

/** The wait that a Retry-After header asks for (seconds or an HTTP date, RFC 9110 §10.2.3), milliseconds; null when it asks for none. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : dateOf(text) - now;
  if (Number.isNaN(ms)) return null;
  return Math.min(API_LIMITS.retryAfterMostMs, Math.max(0, ms));
}

function dateOf(text: string): number {
  return /^[A-Za-z]{3}/.test(text) && text.length < 60 ? Date.parse(text) : Number.NaN;
}
