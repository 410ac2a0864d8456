const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["min", 60_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
const PART = /^(\d{1,9}(?:\.\d{1,3})?)\s*(s|min|m|h|d)(?:\s+|(?=\d)|$)/;

/** Milliseconds of `10 min`, `1 h 30 min`, `90s`; null for an empty text, undefined for one that is not a duration. */
export function parseDuration(text: string): number | null | undefined {
  let rest = text.trim().toLowerCase();
  if (rest === "") return null;
  let sum = 0;
  while (rest !== "") {
    const part = PART.exec(rest);
    if (part === null) return undefined;
    sum += Number(part[1]) * (UNIT_MS.get(part[2] ?? "") ?? 0);
    rest = rest.slice(part[0].length);
  }
  return Math.round(sum);
}

/** The text that {@link parseDuration} reads back to the same milliseconds, whole seconds at least; empty for null. */
export function durationText(durationMs: number | null): string {
  if (durationMs === null) return "";
  const parts: string[] = [];
  let rest = durationMs;
  for (const unit of ["d", "h", "min"] as const) {
    const unitMs = UNIT_MS.get(unit) ?? 1;
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest / 1_000} s`);
  return parts.join(" ");
}
