import { PUSH_LIMITS as LIMITS } from "./limits.ts";

const STORAGE_KEY = "batchwatch.askedAt";

/** Whether the question may be asked: not within {@link LIMITS.askAgainMs} of the last answer. */
export function mayAsk(): boolean {
  try {
    const askedAt = Number(localStorage.getItem(STORAGE_KEY) ?? 0);
    return Date.now() - askedAt >= LIMITS.askAgainMs;
  } catch {
    return false;
  }
}

export function noteAnswer(): void {
  try {
    localStorage.setItem(STORAGE_KEY, String(Date.now()));
  } catch {
    // Storage may be forbidden; then nobody is asked at all.
  }
}
