import type { Cadence, FreeDayRule, JobSettingsView, ScheduleProposal } from "batchwatch/router";
import { formatNumber } from "../../components/format.ts";

export const CADENCE_WORDS: Readonly<Record<Cadence, string>> = {
  FREQUENT: "every 15 min or more often",
  DAILY: "about daily",
  RARE: "monthly or more rarely",
};

export const FREE_DAY_WORDS: Readonly<Record<FreeDayRule, string>> = {
  RUN: "runs on free days too",
  SKIP: "left out on free days",
  PREVIOUS: "moved to the business day before",
  NEXT: "moved to the next business day",
};

export const SCHEDULE_ORIGIN_WORDS: Readonly<
  Record<NonNullable<JobSettingsView["schedule"]>["origin"], string>
> = {
  SET: "set by a person",
  NOMINAL: "from the times its source gives",
  INFERRED: "taken from its past runs",
};

const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
/** One minute and one hour on any day of the month: the day names then say the rest. */
const DAILY = /^(\d{1,2}) (\d{1,2}) \* \* \S+$/;
/** Local hours that people call a night. */
const NIGHT_BEFORE_HOUR = 6;
const NIGHT_FROM_HOUR = 20;

/** `on weekdays` of ISO weekdays, 1 Monday … 7 Sunday. */
export function workdayWords(workdays: readonly number[]): string {
  const days = [...new Set(workdays)].sort((a, b) => a - b);
  if (days.length === 7) return "every day";
  if (days.join() === "1,2,3,4,5") return "on weekdays";
  if (days.join() === "6,7") return "at weekends";
  const names = days.flatMap((day) => DAY_NAMES[day - 1] ?? []);
  return `on ${new Intl.ListFormat("en-GB").format(names)}`;
}

/**
 * `Seen 14 of 14 nights at about 02:00 Europe/Berlin on weekdays. Use this schedule?`
 * @param words the expression in words, for a schedule that is not once a day
 */
export function proposalSentence(proposal: ScheduleProposal, words: string): string {
  const { matched, of, zone, workdays, fromNominal } = proposal;
  const seen = `${fromNominal ? "Planned by its own source" : "Seen"} ${formatNumber(matched)} of ${formatNumber(of)}`;
  const daily = DAILY.exec(proposal.expression);
  if (daily === null) {
    const lower = words.charAt(0).toLowerCase() + words.slice(1);
    return `${seen} times: ${lower}, ${zone}. Use this schedule?`;
  }
  const [hour, minute] = [Number(daily[2]), Number(daily[1])];
  const span = hour < NIGHT_BEFORE_HOUR || hour >= NIGHT_FROM_HOUR ? "nights" : "days";
  const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const about = fromNominal ? "at" : "at about";
  return `${seen} ${span} ${about} ${time} ${zone} ${workdayWords(workdays)}. Use this schedule?`;
}
