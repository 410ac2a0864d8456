import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar } from "../model/schedule.ts";

/** What a shard knows that no fact says. Only a copy: the main thread sends it again at every start. */
export class ShardKnowledge {
  readonly #settings = new Map<string, JobSettings>();
  readonly #lastContactAt = new Map<string, number>();
  #calendars: ReadonlyMap<string, Calendar> = new Map();
  #blind: readonly BlindInterval[] = [];

  configure(settings: readonly JobSettings[]): void {
    for (const one of settings) this.#settings.set(one.jobId, one);
  }

  setCalendars(calendars: readonly Calendar[]): void {
    this.#calendars = new Map(calendars.map((calendar) => [calendar.calendarId, calendar]));
  }

  setBlind(intervals: readonly BlindInterval[]): void {
    this.#blind = intervals;
  }

  contact(sourceId: string, at: number): void {
    const known = this.#lastContactAt.get(sourceId) ?? 0;
    if (at > known) this.#lastContactAt.set(sourceId, at);
  }

  settingsOf(jobId: string): JobSettings | null {
    return this.#settings.get(jobId) ?? null;
  }

  calendar(calendarId: string): Calendar | null {
    return this.#calendars.get(calendarId) ?? null;
  }

  get blind(): readonly BlindInterval[] {
    return this.#blind;
  }

  lastContactAt(sourceId: string): number | null {
    return this.#lastContactAt.get(sourceId) ?? null;
  }
}
