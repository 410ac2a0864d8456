import { type CronReadings, cronReadingsOf } from "./cron-readings.ts";
import { type ZoneClock, zoneClockOf } from "./zone-clock.ts";

/** A firing, and the wall-clock reading that it stands for (as if UTC): another one where a change skipped it. */
export interface Firing {
  readonly at: number;
  readonly reading: number;
}

/**
 * When a cron expression fires in a zone, across clock changes, by the rules of Debian's cron (SCHED-1). Instants are
 * epoch milliseconds.
 *
 * Fixed times fire when the zone's clock first reaches a matching reading: at the change when the change skips it,
 * once when it is shown twice. Interval expressions fire at each instant whose reading matches: never for a skipped
 * reading, twice for a repeated one. Both walk over the readings alone, so no zone, however odd its changes, can
 * make a job fire a wrong number of times.
 */
export class Firings {
  /** Its readings are looked up each time: 100,000 jobs must not hold as many parsed expressions. */
  readonly #expression: string;
  readonly #clock: ZoneClock;

  /** Throws {@link ScheduleError} when the expression or the zone cannot be meant. */
  constructor(expression: string, zone: string) {
    cronReadingsOf(expression);
    this.#expression = expression;
    this.#clock = zoneClockOf(zone);
  }

  /** First firing after an instant; null when there is none. */
  next(after: number): number | null {
    return this.nextFiring(after)?.at ?? null;
  }

  /** Firings after `from` up to and at `to`, ascending, no instant twice, at most `limit`. */
  between(from: number, to: number, limit: number): number[] {
    const found: number[] = [];
    let at = this.next(from);
    while (at !== null && at <= to && found.length < limit) {
      found.push(at);
      at = this.next(at);
    }
    return found;
  }

  nextFiring(after: number): Firing | null {
    const readings = cronReadingsOf(this.#expression);
    if (readings.parsed.interval) return this.#nextInterval(readings, after);
    return this.#fixed(readings.after(this.#clock.reachedBy(after)));
  }

  /** The firing after this one; unlike `nextFiring(firing.at)` it tells apart readings that fall on one change. */
  following(firing: Firing): Firing | null {
    const readings = cronReadingsOf(this.#expression);
    if (readings.parsed.interval) return this.#nextInterval(readings, firing.at);
    return this.#fixed(readings.after(firing.reading));
  }

  #fixed(reading: number | null): Firing | null {
    return reading === null ? null : { at: this.#clock.firstAt(reading), reading };
  }

  #nextInterval(readings: CronReadings, after: number): Firing | null {
    let piece = this.#clock.pieceAt(after);
    let passed = after + piece.offsetMs;
    for (;;) {
      const reading = readings.after(passed);
      if (reading === null) return null;
      const at = reading - piece.offsetMs;
      if (at < piece.end) return { at, reading };
      piece = this.#clock.pieceAt(piece.end);
      passed = piece.start + piece.offsetMs - 1;
    }
  }
}
