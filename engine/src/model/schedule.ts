import type { FreeDayRule } from "./job.ts";

/** Who says when a job is due. */
export type ScheduleOrigin = "SET" | "NOMINAL" | "INFERRED";

/** When a job is due. Times are epoch milliseconds. */
export interface Schedule {
  /** Five cron fields: minute, hour, day of month, month, day of week. */
  readonly expression: string;
  /** IANA zone that the expression is read in. */
  readonly zone: string;
  /** Null: every day is a business day. */
  readonly calendarId: string | null;
  readonly freeDayRule: FreeDayRule;
  readonly origin: ScheduleOrigin;
  /** Nothing before this is due: a schedule says nothing about the time before it was given. */
  readonly since: number;
}

export type CalendarDayKind = "FREE" | "EXTRA" | "MONTH_END" | "SHORT";

/** A day of a calendar that is not what its weekday says. */
export interface CalendarDay {
  /** YYYY-MM-DD in the calendar's zone. */
  readonly day: string;
  readonly kind: CalendarDayKind;
  readonly label: string;
}

export interface Calendar {
  readonly calendarId: string;
  readonly name: string;
  /** IANA zone that its days are in. */
  readonly zone: string;
  /** ISO weekdays that are business days: 1 Monday … 7 Sunday. */
  readonly workdays: readonly number[];
  /** Last day that the calendar knows, YYYY-MM-DD; null when it has no end. */
  readonly coversUntil: string | null;
  readonly days: readonly CalendarDay[];
}

/** A schedule that the job's own past suggests; nothing is due by it until a person takes it. */
export interface ScheduleProposal {
  readonly expression: string;
  readonly zone: string;
  /** ISO weekdays on which runs were seen. */
  readonly workdays: readonly number[];
  /** 0 … 1: how well the past fits (engine/SPEC.md SCHED-8). */
  readonly confidence: number;
  /** Past runs at their time, of the occurrences that the schedule would have had. */
  readonly matched: number;
  readonly of: number;
  /** Taken from the times that the source itself gave, not from starts. */
  readonly fromNominal: boolean;
}
