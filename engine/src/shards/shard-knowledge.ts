import { BlindTimes } from "../jobs/blind-times.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar, Schedule } from "../model/schedule.ts";
import { type Occurrences, occurrencesOf } from "../schedule/occurrences.ts";
import { ScheduleError } from "../schedule/schedule-error.ts";

/** What a shard knows that no fact says. Only a copy: the main thread sends it again at every start. */
export class ShardKnowledge implements JobWorld {
  readonly #settings = new Map<string, JobSettings>();
  #calendars: ReadonlyMap<string, Calendar> = new Map();
  #occurrences = new WeakMap<Schedule, Occurrences | null>();
  readonly blind: BlindTimes = new BlindTimes();
  /** Set by the shard before it judges anything. */
  knownUntil: number | null = null;

  configure(settings: readonly JobSettings[]): void {
    for (const one of settings) this.#settings.set(one.jobId, one);
  }

  setCalendars(calendars: readonly Calendar[]): void {
    this.#calendars = new Map(calendars.map((calendar) => [calendar.calendarId, calendar]));
    this.#occurrences = new WeakMap();
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

  occurrencesOf(schedule: Schedule): Occurrences | null {
    let known = this.#occurrences.get(schedule);
    if (known === undefined) {
      known = this.#readSchedule(schedule);
      this.#occurrences.set(schedule, known);
    }
    return known;
  }

  #readSchedule(schedule: Schedule): Occurrences | null {
    const { calendarId } = schedule;
    const calendar = calendarId === null ? null : (this.#calendars.get(calendarId) ?? null);
    try {
      return occurrencesOf(schedule, calendar);
    } catch (error) {
      if (error instanceof ScheduleError) return null;
      throw error;
    }
  }
}
