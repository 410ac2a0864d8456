import type { BlindInterval } from "../model/blind-interval.ts";
import { LIMITS } from "../model/limits.ts";

/** After a source's first contact behind a blind interval, and after each fact from before its end, facts that waited may still be on their way, ms. */
const SETTLE_MS = 10_000;
/** A deadline waits for a contact behind the interval at most this long, ms. */
const CONTACT_WAIT_MS = 60_000;

/** A deadline that cannot be judged yet. */
export interface Blindness {
  readonly interval: BlindInterval;
  /** When it can be judged, as far as is known now; infinite while the interval is open. Epoch ms. */
  readonly resumesAt: number;
}

/** The times in which facts may have been missing, and who was heard of since [CLOCK-8]. */
export class BlindTimes {
  #intervals: readonly BlindInterval[] = [];
  /** When a source was heard of behind an interval: first at all, then with what had waited; by interval id and source id. */
  readonly #contacts = new Map<string, number>();

  get intervals(): readonly BlindInterval[] {
    return this.#intervals;
  }

  /** All that may still matter; replaces those known under the same id and keeps the others (a shard's own pauses). */
  put(intervals: readonly BlindInterval[]): void {
    if (intervals.length === 0) return;
    const given = new Set(intervals.map((one) => one.intervalId));
    const kept = this.#intervals.filter((one) => !given.has(one.intervalId));
    const all = [...kept, ...intervals].sort((a, b) => a.from - b.from);
    const ended = all.filter(({ until }) => until !== null).slice(-LIMITS.blindIntervals);
    const open = all.filter(({ until }) => until === null);
    this.#intervals = [...ended, ...open.slice(-LIMITS.silentSources)];
    for (const key of this.#contacts.keys()) {
      const id = key.slice(0, key.indexOf(" "));
      if (!this.#intervals.some((one) => one.intervalId === id)) this.#contacts.delete(key);
    }
  }

  /** A fact of the source was received: where it occurred before an interval's end, more that waited may come behind it. */
  backlog(sourceId: string, occurredAt: number, at: number): void {
    for (const { intervalId, until, sourceId: of } of this.#intervals) {
      if (until === null || occurredAt >= until || at > until + CONTACT_WAIT_MS) continue;
      if (of !== null && of !== sourceId) continue;
      const key = `${intervalId} ${sourceId}`;
      const known = this.#contacts.get(key);
      if (known !== undefined && at > known) this.#contacts.set(key, at);
    }
  }

  /** The clock was set back: nothing of what lies ahead of it was ever seen [CLOCK-13]. Returns the intervals that change. */
  setBack(now: number): readonly BlindInterval[] {
    const changed = this.#intervals.filter(({ from, until }) => from > now || (until ?? now) > now);
    const cut = changed.map((one) => ({
      ...one,
      from: Math.min(one.from, now),
      until: one.until === null ? null : Math.min(one.until, now),
    }));
    this.put(cut);
    for (const [key, at] of this.#contacts) if (at > now) this.#contacts.delete(key);
    return cut;
  }

  /** Something of the source was received. Returns whether that is its first sign of life behind some interval. */
  contact(sourceId: string, at: number): boolean {
    let first = false;
    for (const { intervalId, until, sourceId: of } of this.#intervals) {
      if (until === null || at < until || at > until + CONTACT_WAIT_MS) continue;
      if (of !== null && of !== sourceId) continue;
      const key = `${intervalId} ${sourceId}`;
      if (this.#contacts.has(key)) continue;
      this.#contacts.set(key, at);
      first = true;
    }
    return first;
  }

  /** Whether a deadline fell into such a time and has to wait; the one that holds longest. */
  at(deadline: number, now: number, sourceId: string): Blindness | null {
    let longest: Blindness | null = null;
    for (const interval of this.#intervals) {
      if (interval.sourceId !== null && interval.sourceId !== sourceId) continue;
      if (deadline < interval.from) continue;
      const resumesAt = this.#resumption(interval, sourceId);
      if (deadline >= resumesAt || now >= resumesAt) continue;
      if (longest === null || resumesAt > longest.resumesAt) longest = { interval, resumesAt };
    }
    return longest;
  }

  /** The open interval that says this source is silent: whatever its runs do, nobody can see it. */
  silence(sourceId: string): BlindInterval | null {
    return (
      this.#intervals.find(
        ({ reason, until, sourceId: of }) =>
          reason === "SOURCE_SILENT" && until === null && of === sourceId,
      ) ?? null
    );
  }

  /** When its last silence ended, epoch ms; null: it was not silent as far as is known, or is. */
  returnedAt(sourceId: string): number | null {
    const silences = this.#intervals.filter(
      (one) => one.reason === "SOURCE_SILENT" && one.sourceId === sourceId,
    );
    return silences.at(-1)?.until ?? null;
  }

  #resumption({ intervalId, until }: BlindInterval, sourceId: string): number {
    if (until === null) return Number.POSITIVE_INFINITY;
    const contactAt = this.#contacts.get(`${intervalId} ${sourceId}`);
    const waited = until + CONTACT_WAIT_MS;
    return contactAt === undefined ? waited : Math.min(contactAt + SETTLE_MS, waited);
  }
}
