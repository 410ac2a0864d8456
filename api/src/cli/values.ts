import { UsageError, type Given } from "./command.ts";

/** `1 token`, `2 tokens`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** A text option; null when it was not given. */
export function text(given: Given, option: string): string | null {
  const value = given.values[option];
  if (typeof value !== "string") return null;
  if (value.trim() === "") throw new UsageError(`--${option} is empty.`);
  return value.trim();
}

/** A word without a dash, by its place. */
export function positional(given: Given, index: number, what: string): string {
  const value = given.positionals[index]?.trim() ?? "";
  if (value === "") throw new UsageError(`The ${what} is missing.`);
  return value;
}

export function required(given: Given, option: string, right: string): string {
  const value = text(given, option);
  if (value === null) throw new UsageError(`--${option} is missing; give ${right}.`);
  return value;
}

/** Every value of an option that may be repeated. */
export function all(given: Given, option: string): readonly string[] {
  const values = given.values[option];
  const list = Array.isArray(values) ? values : [];
  return list.filter((value): value is string => typeof value === "string" && value.trim() !== "");
}

export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) {
    throw new UsageError(`--${option} is "${value}"; it must be one of: ${known.join(", ")}.`);
  }
  return found;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time span such as 90d, 12h or 30m, in milliseconds; at most `mostMs`. */
export function span(option: string, value: string, mostMs: number): number {
  const [, digits, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(value) ?? [];
  const unitMs = unit === "m" || unit === "h" || unit === "d" ? UNIT_MS[unit] : 0;
  const ms = Number(digits ?? 0) * unitMs;
  if (ms === 0 || ms > mostMs) {
    const most = `${Math.floor(mostMs / UNIT_MS.d)}d`;
    throw new UsageError(
      `--${option} is "${value}"; it must be a number with m, h or d, such as 90d or 12h, at most ${most}.`,
    );
  }
  return ms;
}

const CLOCK_UNIT_MS = { s: 1_000, ...UNIT_MS } as const;

/** A clock's time such as 90s, 10m, 2h or 1d, in milliseconds. */
export function duration(option: string, value: string): number {
  const [, digits, unit] = /^([1-9]\d{0,6})([smhd])$/.exec(value) ?? [];
  if (digits !== undefined) {
    return Number(digits) * CLOCK_UNIT_MS[unit as keyof typeof CLOCK_UNIT_MS];
  }
  throw new UsageError(
    `--${option} is "${value}"; it must be a number with s, m, h or d, such as 90s or 10m.`,
  );
}

/** An IANA time zone that this Node knows. */
export function zone(option: string, value: string): string {
  try {
    // An offset such as +02:00 is accepted by Intl, but knows no daylight saving time.
    if (/^[A-Za-z]/.test(value)) {
      return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
    }
  } catch {
    // Said below.
  }
  throw new UsageError(
    `--${option} is "${value}"; it must be an IANA time zone such as Europe/Berlin or UTC.`,
  );
}
