import type { FreeDayRule, Tier } from "./job.ts";
import type { Cadence, ClockSettings } from "./job-settings.ts";

/** A schedule as a person gives it; the store adds who said so and since when. */
export interface ScheduleChange {
  readonly expression: string;
  readonly zone: string;
  /** Null or absent: every day is a business day. */
  readonly calendarId?: string | null | undefined;
  /** @default "RUN" */
  readonly freeDayRule?: FreeDayRule | undefined;
}

/** What a person changes on a job. An absent field stays as it is; null goes back to the default. */
export interface SettingsChange {
  readonly tier?: Tier | null | undefined;
  readonly monitored?: boolean | undefined;
  readonly businessName?: string | null | undefined;
  readonly runbookUrl?: string | null | undefined;
  readonly firstStep?: string | null | undefined;
  readonly cadence?: Cadence | null | undefined;
  readonly schedule?: ScheduleChange | null | undefined;
  readonly clocks?: { readonly [K in keyof ClockSettings]?: number | null | undefined } | undefined;
}

/** Who changes something. With a `commandId`, a repeat of the same command changes nothing and is answered the same. */
export interface ChangeAuthor {
  readonly userId: string;
  readonly name: string;
  readonly commandId?: string | undefined;
}

/** The author of what the command line on the host changes. */
export const HOST_AUTHOR_ID = "command-line";

/** One recorded change of one field. Values are text as people read them; null: not set. */
export interface JobChange {
  readonly changeId: string;
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly userId: string;
  readonly userName: string;
  /** Name of the field, for example "tier" or "clocks.startGraceMs". */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A name that facts may still come under, and the job that they belong to since `since`. */
export interface JobAlias {
  readonly sourceId: string;
  /** Job id computed from the alias's name at the door. */
  readonly aliasId: string;
  readonly jobId: string;
  readonly since: number;
}

/** A change that cannot be made; `field` names what is wrong with it, the message what would be right. */
export class ChangeRefused extends Error {
  readonly code: "invalid_setting" | "invalid_name" | "invalid_schedule" | "invalid_calendar";
  readonly field: string;
  constructor(code: ChangeRefused["code"], field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "ChangeRefused";
    this.code = code;
    this.field = field;
  }
}
