/** Times, durations and numbers in the words of the screen. Durations in milliseconds, moments in epoch milliseconds. */

const NUMBER = new Intl.NumberFormat("en-GB");
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const CLOCK_SECONDS = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const FULL = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
const BUSINESS_DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** `1,204` */
export function formatNumber(value: number): string {
  return NUMBER.format(Math.round(value));
}

/** `62 %` from 0.62. Never 100 % before the end, never 0 % of something begun. */
export function formatPercent(ratio: number): string {
  const percent = Math.round(ratio * 100);
  if (percent >= 100 && ratio < 1) return "99 %";
  if (percent <= 0 && ratio > 0) return "1 %";
  return `${percent} %`;
}

/** The two largest units: `850 ms`, `4 s`, `48 min`, `3 h 12 min`, `2 d 4 h`. Negative counts as 0. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10 && seconds % 60 > 0) return `${minutes} min ${seconds % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** Every unit that is not zero, and tenths of a second below a minute: `4.2 s`, `25 min 59 s`, `1 h 0 min 7 s`. */
export function formatPrecisely(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 1_000) return formatDuration(ms);
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const small = `${minutes % 60} min ${seconds % 60} s`;
  return hours === 0 ? small : `${hours} h ${small}`;
}

/** How long ago, without seconds once past a minute: `12 s`, `48 min`, `3 h 12 min`. */
export function formatAge(ageMs: number): string {
  const ms = Math.max(0, ageMs);
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  return formatDuration(ms < 600_000 ? Math.floor(ms / 60_000) * 60_000 : ms);
}

/** `02:14`, with the day when it is not today's: `11 Nov 02:14`. */
export function formatClock(at: number, now: number): string {
  const clock = CLOCK.format(at);
  return DAY.format(at) === DAY.format(now) ? clock : `${DAY.format(at)} ${clock}`;
}

/** `02:14:08` */
export function formatClockSeconds(at: number): string {
  return CLOCK_SECONDS.format(at);
}

/** `Wed, 11 Nov 2026, 02:14:08 CET` */
export function formatMoment(at: number): string {
  return FULL.format(at);
}

/** `Thu, 12 Nov, 02:00 Europe/Berlin`; in UTC where this device does not know the zone. */
export function formatMomentIn(at: number, zone: string): string {
  try {
    return momentIn(at, zone);
  } catch {
    return momentIn(at, "UTC");
  }
}

function momentIn(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  return `${format.format(at)} ${timeZone}`;
}

/** `11 Nov` from `2026-11-11`; anything else is shown as it is. */
export function formatBusinessDate(day: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? day : BUSINESS_DAY.format(at);
}

/** `1.4 MB`, decimal units. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `rolled back` from `rolledBack`, `commit count` from `commit.count`; capitals within a word are kept. */
export function plainName(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])(?=[a-z])/g, (_, end: string, start: string) => {
      return `${end} ${start.toLowerCase()}`;
    })
    .replaceAll(/[\s._/-]+/g, " ")
    .trim();
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Europe/Berlin` */
export function deviceZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `Europe/Berlin (UTC+1)` for this device. */
export function timeZoneName(now: number): string {
  const timeZone = deviceZone();
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset" }).formatToParts(
    now,
  );
  const offset = parts.find((part) => part.type === "timeZoneName")?.value.replace("GMT", "UTC");
  return offset === undefined || offset === timeZone ? timeZone : `${timeZone} (${offset})`;
}
