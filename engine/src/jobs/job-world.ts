import type { JobSettings } from "../model/job-settings.ts";
import type { Schedule } from "../model/schedule.ts";
import type { BlindTimes } from "./blind-times.ts";

/** Instants at which a job is due, epoch ms. */
export interface DueTimes {
  /** First one after `after`; null when there is none. */
  next(after: number): number | null;
  /** Those with from < t ≤ to, ascending, at most `limit`. */
  between(from: number, to: number, limit: number): readonly number[];
}

/** What a job's actor is told beside its facts. Its shard is one. */
export interface JobWorld {
  /** Up to when everything is known; null while nothing may be judged [CLOCK-2]. Epoch ms. */
  readonly knownUntil: number | null;
  settingsOf(jobId: string): JobSettings | null;
  /** Null when the schedule cannot be read. */
  dueTimes(schedule: Schedule): DueTimes | null;
  readonly blind: BlindTimes;
}
