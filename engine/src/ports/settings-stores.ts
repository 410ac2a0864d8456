import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar } from "../model/schedule.ts";
import type {
  ChangeAuthor,
  JobAlias,
  JobChange,
  SettingsChange,
} from "../model/settings-change.ts";

/**
 * What people set on jobs. Every change is recorded, moves the version, and is made in one transaction.
 * Changes of a job that the store does not know fail with `not_found`.
 */
export interface SettingsStore {
  /** Grows with every change of settings, names and calendars, whoever made it. */
  version(): Promise<number>;
  /**
   * Settings of jobs changed after `version`, in pages: ask again with the answer's version until it is empty.
   * A job that nobody ever changed has the defaults and is never listed.
   */
  changedSince(
    version: number,
  ): Promise<{ readonly version: number; readonly settings: readonly JobSettings[] }>;
  /** Settings of a known job, the defaults where nobody set any. */
  get(jobId: string): Promise<JobSettings | null>;
  /** Fails with `unknown_calendar` when the schedule names a calendar that does not exist. */
  configure(
    jobId: string,
    change: SettingsChange,
    by: ChangeAuthor,
    now: number,
  ): Promise<JobSettings>;
  /**
   * Facts under this name of the job's source belong to the job from now on. A job that exists under it
   * becomes part of this one: its runs move, its own row goes. Fails with `name_taken` when the name is one
   * that another job was known by before.
   */
  rename(
    jobId: string,
    to: { readonly namespace: string; readonly name: string },
    by: ChangeAuthor,
    now: number,
  ): Promise<JobSettings>;
  /** Nothing is expected of the job from this instant on; null takes a retirement back. */
  retire(jobId: string, from: number | null, by: ChangeAuthor, now: number): Promise<JobSettings>;
  /** Null: facts decide the owner again. Fails with `unknown_team`. */
  assign(jobId: string, teamId: string | null, by: ChangeAuthor, now: number): Promise<JobSettings>;
  /** Newest first. */
  changes(jobId: string, limit: number): Promise<readonly JobChange[]>;
  /** Every name that is not the one its job's id was made of. */
  aliases(): Promise<readonly JobAlias[]>;
  /** When the next planned retirement is due; null when there is none. */
  nextRetirement(): Promise<number | null>;
  /** Carries out the retirements that are due. */
  retireDue(now: number): Promise<void>;
}

export interface CalendarStore {
  /** Grows with every change of any calendar. */
  version(): Promise<number>;
  all(): Promise<readonly Calendar[]>;
  get(calendarId: string): Promise<Calendar | null>;
  /** Makes or replaces it whole. */
  put(calendar: Calendar, by: ChangeAuthor, now: number): Promise<Calendar>;
}

export interface BlindStore {
  /** Intervals that last, or ended at `since` or later; oldest first. */
  recent(since: number): Promise<readonly BlindInterval[]>;
  /** By id: writing one again replaces its end. */
  put(interval: BlindInterval): Promise<void>;
}
