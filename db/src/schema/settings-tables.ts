import type { BlindReason, CalendarDayKind, ScheduleOrigin } from "@batchwatch/engine";

/** When a job is due; its calendar and free-day rule are columns of the job. */
export interface JobScheduleTable {
  readonly job_id: string;
  readonly expression: string;
  readonly zone: string;
  readonly origin: ScheduleOrigin;
  readonly since: number;
}

/** The four clocks as a person set them; null is the default. */
export interface JobClockTable {
  readonly job_id: string;
  readonly start_grace_ms: number | null;
  readonly run_budget_ms: number | null;
  readonly minimum_duration_ms: number | null;
  readonly heartbeat_ms: number | null;
}

/** Who changed what of a job. Outlives the job, so it has no foreign key. */
export interface JobChangeTable {
  /** Sorts by time of the change. */
  readonly change_id: string;
  readonly job_id: string;
  readonly changed_at: number;
  readonly user_id: string;
  readonly user_name: string;
  readonly field: string;
  readonly value_before: string | null;
  readonly value_after: string | null;
}

/** A command that was carried out, with its answer as JSON: a repeat is answered from here. */
export interface CommandDoneTable {
  readonly command_id: string;
  readonly user_id: string;
  readonly action: string;
  readonly done_at: number;
  readonly answer: string;
}

export interface CalendarTable {
  readonly calendar_id: string;
  readonly name: string;
  readonly zone: string;
  /** ISO weekdays joined by commas; null when every day is free unless it is listed. */
  readonly workdays: string | null;
  readonly covers_until: string | null;
  readonly changed_at: number;
  readonly changed_by: string;
}

export interface CalendarDayTable {
  readonly calendar_id: string;
  readonly calendar_day: string;
  readonly kind: CalendarDayKind;
  readonly label: string | null;
}

export interface BlindIntervalTable {
  readonly interval_id: string;
  readonly source_id: string | null;
  readonly reason: BlindReason;
  readonly from_at: number;
  readonly until_at: number | null;
}
