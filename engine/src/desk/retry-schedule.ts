import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import type { Random } from "../ports/random.ts";

/** Longest wait before each further attempt, ms; the last one is repeated. */
const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000] as const;
const LAST_WAIT_MS = 300_000;

/**
 * When a notification whose attempt failed is tried again, epoch ms; null: it is given up. Full jitter: anything up to the
 * wait, so that what failed together does not come back together. What the receiver asked for is a floor.
 */
export function nextAttemptAt(
  { attempts, createdAt, channel }: Pick<Notification, "attempts" | "createdAt" | "channel">,
  now: number,
  retryAfterMs: number | null,
  random: Random,
): number | null {
  const waitMs = Math.round(random() * (WAITS_MS[attempts] ?? LAST_WAIT_MS));
  const next = now + Math.max(waitMs, retryAfterMs ?? 0);
  const ageMs = channel === "webpush" ? LIMITS.pushAgeMs : LIMITS.webhookAgeMs;
  return next > createdAt + ageMs ? null : next;
}
