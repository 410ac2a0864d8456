import { wallClockAt } from "../contracts/zone-time.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Older than this, a time says its day. */
const SAME_NIGHT_MS = 20 * 3_600_000;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Short names of zones; as many as the runtime knows zones. */
const names = new Map<string, Intl.DateTimeFormat | null>();

/** Writes times of one text: `02:14`, with the zone at the first of them. */
export class ClockWords {
  readonly #now: number;
  readonly #zone: string;
  #zoneSaid = false;

  constructor(now: number, zone: string) {
    this.#now = now;
    this.#zone = zone;
  }

  at(instant: number): string {
    const reading = new Date(wallClockAt(instant, this.#zone));
    const time = reading.toISOString().slice(11, 16);
    const isOld = Math.abs(this.#now - instant) > SAME_NIGHT_MS;
    const day = isOld ? `${reading.getUTCDate()} ${MONTHS[reading.getUTCMonth()] ?? ""} ` : "";
    const zone = this.#zoneSaid ? "" : ` ${zoneName(this.#zone, instant)}`;
    this.#zoneSaid = true;
    return `${day}${time}${zone}`;
  }
}

function zoneName(zone: string, instant: number): string {
  if (zone === "UTC") return zone;
  const parts = formatterOf(zone)?.formatToParts(instant);
  return parts?.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = names.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "short" });
  } catch {
    return null;
  }
  names.set(zone, made);
  return made;
}

/** A duration in one unit: `4 s`, `5 min`, `3 h`, `2 days`. */
export function durationWords(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.max(1, Math.round(ms / 1_000))} s`;
  if (ms < 120 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
}
