import { isDay, isYear } from "./read-time.ts";

const DAY = /^(\d{4})-?(\d\d)-?(\d\d)$/;

/** First of the named parameters that holds a day as `YYYY-MM-DD` or `YYYYMMDD`; always returned as `YYYY-MM-DD`. */
export function businessDateOf(
  params: Readonly<Record<string, string>>,
  names: readonly string[],
): string | null {
  for (const name of names) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    const day = value === undefined ? null : DAY.exec(value);
    if (day === null) continue;
    const [, year = "", month = "", date = ""] = day;
    if (isYear(Number(year)) && isDay(Number(year), Number(month), Number(date))) {
      return `${year}-${month}-${date}`;
    }
  }
  return null;
}
