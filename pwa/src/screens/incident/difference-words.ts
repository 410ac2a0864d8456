import type { DifferenceView } from "batchwatch/router";
import {
  capitalised,
  formatClock,
  formatDuration,
  formatNumber,
  plainName,
} from "../../components/format.ts";

export interface DifferenceWords {
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** One row that differs from the last good run. @param at the moment of reading, epoch milliseconds */
export function differenceWords(difference: DifferenceView, at: number): DifferenceWords {
  const { field, name } = difference;
  const value = (one: string | number | null): string => valueWords(field, one, at);
  return {
    what: whatWords(field, name),
    before: value(difference.before),
    now: value(difference.now),
  };
}

function whatWords(field: DifferenceView["field"], name: string | null): string {
  switch (field) {
    case "startedAt":
      return "Started";
    case "stage":
      return "Last stage";
    case "inputRows":
      return name === null ? "Rows of its input" : `Rows of ${name}`;
    case "param":
      return name === null ? "A parameter" : `Parameter ${name}`;
    case "appVersion":
      return "Version";
    default:
      return capitalised(plainName(field));
  }
}

function valueWords(
  field: DifferenceView["field"],
  value: string | number | null,
  at: number,
): string {
  if (value === null) return "none";
  if (field === "duration" && typeof value === "number") return formatDuration(value);
  if (typeof value === "number") return formatNumber(value);
  if (field !== "startedAt") return value;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? value : formatClock(moment, at);
}
