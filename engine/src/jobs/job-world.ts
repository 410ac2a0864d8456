import type { JobSettings } from "../model/job-settings.ts";
import type { Schedule } from "../model/schedule.ts";
import type { Occurrences } from "../schedule/occurrences.ts";
import type { BlindTimes } from "./blind-times.ts";

/** What a job's actor is told beside its facts. Its shard's knowledge is one. */
export interface JobWorld {
  /** Up to when everything is known; null while nothing may be judged [CLOCK-2]. Epoch ms. */
  readonly knownUntil: number | null;
  settingsOf(jobId: string): JobSettings | null;
  /** Null when the schedule cannot be meant: it was checked when it was set, by rules that may have been others. */
  occurrencesOf(schedule: Schedule): Occurrences | null;
  readonly blind: BlindTimes;
}
