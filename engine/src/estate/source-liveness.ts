import type { BlindInterval } from "../model/blind-interval.ts";

/** Contacts nearer than this are one, ms: a busy source has no lulls, however many requests it sends. */
const LULL_MS = 30_000;
/** Lulls remembered of one source. */
const LULLS_KEPT = 32;
/** Longest silence that may be learnt as usual, ms. */
const USUAL_MOST_MS = 10 * 60_000;
/** A source is judged only once it has been heard of for this long, ms. */
const KNOWN_AFTER_MS = 10 * 60_000;
/** No silence shorter than this stands out, ms. */
const SILENT_FLOOR_MS = 2 * 60_000;
const LONGESTS = 2;
/** With a single open run its silence is the job's, not the source's. */
const OPEN_RUNS_MIN = 2;

interface Known {
  firstContactAt: number;
  lastContactAt: number;
  /** Lulls while it had open runs, newest last, ms. */
  readonly lulls: number[];
  /** How long its last silence was, ms; null: it had none. */
  lastSilenceMs: number | null;
  openRuns: number;
  silent: BlindInterval | null;
}

/**
 * Tells when a source went quiet although it has runs under way, and when it is back [CLOCK-14].
 * A source's own lulls say what is usual: the limit is 2 × the longest it got over, at least 2 min.
 */
export class SourceLiveness {
  readonly #sources = new Map<string, Known>();

  /** It was silent when the last process ended, and is until it is heard of. False: it is no source's silence. */
  resume(silent: BlindInterval): boolean {
    const { sourceId, reason, from, until } = silent;
    if (reason !== "SOURCE_SILENT" || sourceId === null || until !== null) return false;
    this.#sources.set(sourceId, metAt(from, silent));
    return true;
  }

  /** Something of the source was received. Returns the interval that ends by it. */
  contact(sourceId: string, at: number): BlindInterval | null {
    const known = this.#sources.get(sourceId);
    if (known === undefined) {
      this.#sources.set(sourceId, metAt(at, null));
      return null;
    }
    const lullMs = at - known.lastContactAt;
    notAfter(known, at);
    known.lastContactAt = at;
    const usualMs = known.silent === null ? lullMs : usualSilenceMs(known, lullMs);
    if (usualMs >= LULL_MS && known.openRuns >= OPEN_RUNS_MIN) {
      known.lulls.push(usualMs);
      if (known.lulls.length > LULLS_KEPT) known.lulls.shift();
    }
    const ended = known.silent;
    known.silent = null;
    return ended === null ? null : { ...ended, until: at };
  }

  /** Returns the intervals that begin now. `openRuns`: runs under way, by source. */
  tick(now: number, openRuns: ReadonlyMap<string, number>): readonly BlindInterval[] {
    const opened: BlindInterval[] = [];
    for (const [sourceId, known] of this.#sources) {
      known.openRuns = openRuns.get(sourceId) ?? 0;
      notAfter(known, now);
      if (known.silent !== null || known.openRuns < OPEN_RUNS_MIN) continue;
      if (known.lastContactAt - known.firstContactAt < KNOWN_AFTER_MS) continue;
      if (now - known.lastContactAt < limitOf(known)) continue;
      known.silent = {
        intervalId: `silent-${sourceId}-${known.lastContactAt}`,
        sourceId,
        reason: "SOURCE_SILENT",
        from: known.lastContactAt,
        until: null,
      };
      opened.push(known.silent);
    }
    return opened;
  }

  /** Sources that are silent now. */
  get silent(): readonly BlindInterval[] {
    return [...this.#sources.values()].flatMap(({ silent }) => silent ?? []);
  }

  /** Our own pause is not the source's: what it would have sent meanwhile could not arrive. */
  paused(forMs: number): void {
    for (const known of this.#sources.values()) {
      known.firstContactAt += forMs;
      known.lastContactAt += forMs;
    }
  }
}

function metAt(at: number, silent: BlindInterval | null): Known {
  const times = { firstContactAt: at, lastContactAt: at };
  return { ...times, lulls: [], lastSilenceMs: null, openRuns: 0, silent };
}

/**
 * What a silence that ends teaches, ms; 0: nothing. One is an outage: were it taken for usual, the next would go unseen for twice
 * as long. A short one that comes again is how the source is.
 */
function usualSilenceMs(known: Known, silenceMs: number): number {
  const usualMs = Math.min(known.lastSilenceMs ?? 0, silenceMs);
  known.lastSilenceMs = silenceMs;
  return usualMs <= USUAL_MOST_MS ? usualMs : 0;
}

/** The clock was set back: what seems to lie ahead was before. */
function notAfter(known: Known, at: number): void {
  const aheadMs = Math.max(0, known.lastContactAt - at);
  known.lastContactAt -= aheadMs;
  known.firstContactAt -= aheadMs;
  const { silent } = known;
  if (silent !== null && silent.from > at) known.silent = { ...silent, from: at };
}

function limitOf({ lulls }: Known): number {
  return Math.max(SILENT_FLOOR_MS, LONGESTS * Math.max(0, ...lulls));
}
