import { BlindTimes } from "../jobs/blind-times.ts";
import type { DueTimes, JobWorld } from "../jobs/job-world.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar, Schedule } from "../model/schedule.ts";

/** What a shard knows that no fact says. Only a copy: the main thread sends it again at every start. */
export class ShardKnowledge implements JobWorld {
  readonly #settings = new Map<string, JobSettings>();
  #calendars: ReadonlyMap<string, Calendar> = new Map();
  readonly blind: BlindTimes = new BlindTimes();
  /** Set by the shard before it judges anything. */
  knownUntil: number | null = null;

  configure(settings: readonly JobSettings[]): void {
    for (const one of settings) this.#settings.set(one.jobId, one);
  }

  setCalendars(calendars: readonly Calendar[]): void {
    this.#calendars = new Map(calendars.map((calendar) => [calendar.calendarId, calendar]));
  }

  /** The clock stood still between these instants: nobody saw what happened meanwhile [CLOCK-13]. */
  paused(from: number, until: number): void {
    const interval: BlindInterval = {
      intervalId: `paused-${from}`,
      sourceId: null,
      reason: "PAUSED",
      from,
      until,
    };
    this.blind.put([interval]);
  }

  settingsOf(jobId: string): JobSettings | null {
    return this.#settings.get(jobId) ?? null;
  }

  dueTimes(schedule: Schedule): DueTimes | null {
    void schedule;
    void this.#calendars;
    return null;
  }
}
