import { DB_LIMITS } from "../schema/limits.ts";

/** What is remembered from one pass of upkeep to the next. Epoch ms by the clock as it was then. */
export interface ClockMemory {
  /** When upkeep last looked; null: never yet. */
  readonly lastAt: number | null;
  /** Since when the clock is not believed; null: it is. */
  readonly doubtSince: number | null;
  /** The newest fact when the doubt began; null: there was none. */
  readonly doubtFactAt: number | null;
}

export interface ClockVerdict {
  readonly trusted: boolean;
  readonly memory: ClockMemory;
}

/**
 * Whether the clock may say what is old. One that is suddenly far ahead of the last look and of every fact is wrong, or the machine was off for long:
 * it has to run on for a day first, and facts that come meanwhile must not contradict it. Pure.
 * @param newestFactAt the newest time that a source has sent; null: none has
 */
export function judgeClock(
  memory: ClockMemory,
  newestFactAt: number | null,
  now: number,
): ClockVerdict {
  const { lastAt, doubtSince, doubtFactAt } = memory;
  const isAhead = (of: number | null) => of !== null && now - of > DB_LIMITS.clockJumpMs;
  const trust: ClockVerdict = {
    trusted: true,
    memory: { lastAt: now, doubtSince: null, doubtFactAt: null },
  };
  const doubt: ClockVerdict = {
    trusted: false,
    memory: { lastAt: now, doubtSince: now, doubtFactAt: newestFactAt },
  };
  if (doubtSince === null) {
    const known = Math.max(lastAt ?? -Infinity, newestFactAt ?? -Infinity);
    return known === -Infinity || !isAhead(known) ? trust : doubt;
  }
  // It was put right: what the wrong one said is no measure.
  if (now < doubtSince) return isAhead(newestFactAt) ? doubt : trust;
  const isContradicted = newestFactAt !== doubtFactAt && isAhead(newestFactAt);
  if (isAhead(lastAt) || isContradicted) return doubt;
  if (now - doubtSince >= DB_LIMITS.clockAgreesMs) return trust;
  return { trusted: false, memory: { ...memory, lastAt: now } };
}
