import { CronDate, CronPattern } from "croner";
import { LIMITS } from "../model/limits.ts";
import { checkExpression, type ParsedExpression } from "./check-expression.ts";

/** Croner looks no further than the year 3000, and a date has an earliest year. */
const LATEST = Date.UTC(3000, 0, 1);
const EARLIEST = Date.UTC(1900, 0, 1);

/**
 * The wall-clock readings that an expression matches, in a world without clock changes: croner asked in UTC.
 * What a zone makes of a reading is firings.ts's part.
 */
export class CronReadings {
  readonly parsed: ParsedExpression;
  readonly #pattern: CronPattern;
  /** Croner takes only a lone `*` as open; ours is the rule of Debian's cron. */
  readonly #options: { readonly domAndDow: boolean };

  /** Throws {@link ScheduleError}. */
  constructor(expression: string) {
    this.parsed = checkExpression(expression);
    this.#pattern = new CronPattern(this.parsed.text, undefined, { mode: "5-part" });
    // With five fields every year matches and this is never read; it would hold 80 kB.
    this.#pattern.year = [];
    this.#options = { domAndDow: this.parsed.bothDays };
  }

  /** The first matching reading after `reading`, both as if UTC; null when there is none before the year 3000. */
  after(reading: number): number | null {
    if (!this.parsed.everFires || !(reading < LATEST)) return null;
    const from = new Date(Math.max(reading, EARLIEST));
    const date = new CronDate(from, 0).increment(this.#pattern, this.#options, false);
    return date === null ? null : date.getTime();
  }
}

/** Two generations of half the limit each: what was not used lately is forgotten. */
let young = new Map<string, CronReadings>();
let old = new Map<string, CronReadings>();

/** The readings of an expression, parsed once. Throws {@link ScheduleError}. */
export function cronReadingsOf(expression: string): CronReadings {
  const known = young.get(expression);
  if (known !== undefined) return known;
  const readings = old.get(expression) ?? new CronReadings(expression);
  if (young.size >= LIMITS.cronPatternsRemembered / 2) {
    old = young;
    young = new Map();
  }
  young.set(expression, readings);
  return readings;
}
