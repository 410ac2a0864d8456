/** Parts of a schedule that can be wrong. */
export type ScheduleField =
  | "expression"
  | "minute"
  | "hour"
  | "day of month"
  | "month"
  | "day of week"
  | "zone";

/** A schedule that cannot be meant: an expected failure. The message names the field and what would be right. */
export class ScheduleError extends Error {
  readonly code = "invalid_schedule" as const;
  readonly field: ScheduleField;

  constructor(field: ScheduleField, message: string) {
    super(message);
    this.name = "ScheduleError";
    this.field = field;
  }
}
