import { API_LIMITS } from "../options.ts";
import { AddressLimiter } from "./address-limiter.ts";

/** A request whose answer is not read yet. */
interface UnderWay {
  readonly calls: number;
  readonly large: number;
  /** Its connection is gone, and the answer with it. */
  readonly isGone: () => boolean;
}

const LARGE: ReadonlySet<string> = new Set(["dashboard.get", "audit.evidence", "me.export"]);

/** Whether the answer may be megabytes: the whole board, an evidence file, a person's data. */
export function isLarge(path: string): boolean {
  return LARGE.has(path);
}

/** What one user may cost: calls in a minute, over HTTP and all sockets together, and answers over HTTP that are not read. */
export class CallBudget {
  readonly #rate = new AddressLimiter({
    callsPerMinute: API_LIMITS.callsPerMinutePerUser,
    addresses: API_LIMITS.callersCounted,
  });
  readonly #underWay = new Map<string, Set<UnderWay>>();

  /** Counts calls. Returns 0 when they may go on, else the seconds to wait. */
  waitSeconds(userId: string, calls: number, now: number): number {
    return this.#rate.waitSeconds(userId, now, calls);
  }

  /** Counts a request of these procedures in until what is returned is called; null when the user has as many as they may. */
  begin(userId: string, paths: readonly string[], isGone: () => boolean): (() => void) | null {
    const all = this.#underWay.get(userId) ?? new Set<UnderWay>();
    const large = paths.filter(isLarge).length;
    const one: UnderWay = { calls: paths.length, large, isGone };
    if (isTooMuch(all, one)) {
      // Of what was sent ahead on a connection that broke, no end is told.
      for (const other of all) if (other.isGone()) all.delete(other);
      if (isTooMuch(all, one)) return null;
    }
    all.add(one);
    this.#underWay.set(userId, all);
    return () => {
      all.delete(one);
      if (all.size === 0 && this.#underWay.get(userId) === all) this.#underWay.delete(userId);
    };
  }
}

function isTooMuch(others: ReadonlySet<UnderWay>, one: UnderWay): boolean {
  const sum = { calls: one.calls, large: one.large };
  for (const { calls, large } of others) {
    sum.calls += calls;
    sum.large += large;
  }
  return (
    sum.calls > API_LIMITS.callsUnderWayPerUser ||
    (one.large > 0 && sum.large > API_LIMITS.largePerUser)
  );
}
