const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** Formatter of a zone; null when the runtime does not know it. Bounded by the number of the runtime's zones. */
function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, made);
    return made;
  } catch {
    return null;
  }
}

/** What a wall clock in the zone shows at an instant, written as if it were UTC; epoch milliseconds. */
export function wallClockAt(instant: number, zone: string): number {
  if (zone === "UTC") return instant;
  const formatter = formatterOf(zone);
  if (formatter === null) return instant;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const read = (name: string): number => part[name] ?? 0;
  const seconds = Math.floor(instant / 1000) * 1000;
  return (
    Date.UTC(
      read("year"),
      read("month") - 1,
      read("day"),
      read("hour"),
      read("minute"),
      read("second"),
    ) +
    (instant - seconds)
  );
}

const DAY_MS = 86_400_000;

/**
 * Instant at which a wall clock in the zone shows `wallClock` (epoch milliseconds as if it were UTC). In a repeated
 * hour the reading nearest to `near` counts; a time that a clock change skips is read with the offset before it.
 */
export function instantOf(wallClock: number, zone: string, near: number): number {
  if (zone === "UTC") return wallClock;
  const before = wallClockAt(wallClock - DAY_MS, zone) - (wallClock - DAY_MS);
  const after = wallClockAt(wallClock + DAY_MS, zone) - (wallClock + DAY_MS);
  const readings = [wallClock - before, wallClock - after].filter(
    (instant) => wallClockAt(instant, zone) === wallClock,
  );
  const [first = wallClock - before, second = first] = readings;
  return Math.abs(second - near) < Math.abs(first - near) ? second : first;
}

/** Calendar day `YYYY-MM-DD` of an instant in a zone. */
export function dayOf(instant: number, zone: string): string {
  return new Date(wallClockAt(instant, zone)).toISOString().slice(0, 10);
}
