import { wallClockAt } from "../contracts/zone-time.ts";
import { LIMITS } from "../model/limits.ts";
import { checkZone } from "./check-expression.ts";

const HOUR_MS = 3_600_000;
/** Two clock changes of one zone are never closer than this. */
const PROBE_MS = 7 * 24 * HOUR_MS;
/** More than any offset from UTC, and than any change of one. */
const FAR_MS = 26 * HOUR_MS;
/** Clock changes are read for these years; outside, a zone keeps the offset it has at the border. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;

/** A time in which the zone's offset stays the same: from `start` (inclusive) to `end` (exclusive). */
export interface ZonePiece {
  readonly start: number;
  readonly end: number;
  /** What to add to an instant to get its reading, milliseconds. */
  readonly offsetMs: number;
}

/**
 * The wall clock of one zone as pieces of constant offset, so that a reading costs a look into a short list instead
 * of a call of Intl. Readings are written as if they were UTC, in epoch milliseconds. The tz database behind it is
 * the runtime's own (`process.versions.tz`).
 */
export class ZoneClock {
  readonly #zone: string;
  /** Pieces by UTC year; a piece ends with its year at the latest. At most `LAST_YEAR - FIRST_YEAR + 1` years. */
  readonly #years = new Map<number, readonly ZonePiece[]>();

  /** The zone must be known to the runtime. */
  constructor(zone: string) {
    this.#zone = zone;
  }

  pieceAt(instant: number): ZonePiece {
    const year = new Date(instant).getUTCFullYear();
    if (year < FIRST_YEAR) {
      const end = Date.UTC(FIRST_YEAR, 0, 1);
      return { start: -Infinity, end, offsetMs: this.#offsetAt(end) };
    }
    if (!(year <= LAST_YEAR)) {
      const start = Date.UTC(LAST_YEAR + 1, 0, 1);
      return { start, end: Infinity, offsetMs: this.#offsetAt(start) };
    }
    const pieces = this.#piecesOf(year);
    return pieces.find((piece) => instant < piece.end) ?? lastOf(pieces);
  }

  /** What the clock shows at an instant. */
  readingAt(instant: number): number {
    return instant + this.pieceAt(instant).offsetMs;
  }

  /**
   * The largest reading that the clock has shown up to and at an instant: above `readingAt` in a repeated hour.
   * A reading is first shown after `instant` if and only if it is larger than this (whole milliseconds).
   */
  reachedBy(instant: number): number {
    let piece = this.pieceAt(instant);
    let reached = instant + piece.offsetMs;
    while (piece.start > instant - FAR_MS) {
      const before = this.pieceAt(piece.start - 1);
      reached = Math.max(reached, piece.start + before.offsetMs - 1);
      piece = before;
    }
    return reached;
  }

  /** The first instant at which the clock shows `reading` or, where a change skips it, more: the change itself. */
  firstAt(reading: number): number {
    let piece = this.pieceAt(reading - FAR_MS);
    for (;;) {
      const instant = reading - piece.offsetMs;
      if (instant < piece.start) return piece.start;
      if (instant < piece.end) return instant;
      piece = this.pieceAt(piece.end);
    }
  }

  #piecesOf(year: number): readonly ZonePiece[] {
    const known = this.#years.get(year);
    if (known !== undefined) return known;
    const end = Date.UTC(year + 1, 0, 1);
    const pieces: ZonePiece[] = [];
    let start = Date.UTC(year, 0, 1);
    let offsetMs = this.#offsetAt(start);
    for (let probed = start; probed < end;) {
      const probe = Math.min(probed + PROBE_MS, end);
      if (this.#offsetAt(probe - 1) !== offsetMs) {
        // One second back: the change may be at `probed` itself, which only `probed - 1` was asked about.
        const change = this.#changeBetween(probed - 1_000, probe, offsetMs);
        pieces.push({ start, end: change, offsetMs });
        start = change;
        offsetMs = this.#offsetAt(change);
        probed = change;
      } else probed = probe;
    }
    pieces.push({ start, end, offsetMs });
    this.#years.set(year, pieces);
    return pieces;
  }

  /** First instant, to the second, at which the offset is no longer `offsetMs`. */
  #changeBetween(from: number, to: number, offsetMs: number): number {
    let same = from;
    let other = to;
    while (other - same > 1_000) {
      const middle = same + Math.floor((other - same) / 2_000) * 1_000;
      if (this.#offsetAt(middle) === offsetMs) same = middle;
      else other = middle;
    }
    return other;
  }

  #offsetAt(instant: number): number {
    return wallClockAt(instant, this.#zone) - instant;
  }
}

function lastOf(pieces: readonly ZonePiece[]): ZonePiece {
  const last = pieces.at(-1);
  if (last === undefined) throw new Error("a year without a piece");
  return last;
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone, made once. Throws {@link ScheduleError} when the runtime does not know the zone. */
export function zoneClockOf(zone: string): ZoneClock {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  checkZone(zone);
  if (clocks.size >= LIMITS.zonesRemembered) clocks.clear();
  const made = new ZoneClock(zone);
  clocks.set(zone, made);
  return made;
}
