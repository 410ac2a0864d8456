import type { Cadence } from "../model/job-settings.ts";
import type { Calendar, Schedule, ScheduleProposal } from "../model/schedule.ts";

/** A past run as schedule reckoning looks at it. Times are epoch milliseconds. */
export interface PastRun {
  readonly nominalAt: number | null;
  readonly startedAt: number | null;
}

/** What settings need of schedules; one place, so that a caller names no module of the reckoning itself. */
export interface ScheduleTools {
  /** What is wrong with the expression, and what would be right; null when nothing is. */
  check(expression: string): string | null;
  /** The next occurrence after an instant; null when there is none, or none can be told. */
  nextDue(schedule: Schedule, calendar: Calendar | null, after: number): number | null;
  propose(runs: readonly PastRun[], zone: string, now: number): ScheduleProposal | null;
  /** How often the job runs, from its past; null while too little is known. */
  cadenceOf(runs: readonly PastRun[]): Cadence | null;
}

const RANGES: readonly (readonly [string, number, number])[] = [
  ["minute", 0, 59],
  ["hour", 0, 23],
  ["day of month", 1, 31],
  ["month", 1, 12],
  ["day of week", 0, 7],
];

/** Numbers, ranges, lists and steps; names of months and days are letters. */
const PART = /^(\*|\d{1,2}(-\d{1,2})?|[A-Za-z]{3}(-[A-Za-z]{3})?)(\/[1-9]\d?)?$/;

export const SCHEDULE_TOOLS: ScheduleTools = {
  check: checkFiveFields,
  nextDue: () => null,
  propose: () => null,
  cadenceOf: () => null,
};

function checkFiveFields(expression: string): string | null {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== RANGES.length) {
    return `has ${fields.length} fields; give five: minute, hour, day of month, month, day of week, such as "30 2 * * 1-5".`;
  }
  for (const [index, [name, least, most]] of RANGES.entries()) {
    const field = fields[index] ?? "";
    const numbers = (field.match(/\d+(?![^,]*\/)/g) ?? []).map(Number);
    const fits =
      field.split(",").every((part) => PART.test(part)) &&
      numbers.every((number) => number >= least && number <= most);
    if (!fits)
      return `${name} is "${field}"; it must hold ${least} to ${most}, such as * or ${most}.`;
  }
  return null;
}
