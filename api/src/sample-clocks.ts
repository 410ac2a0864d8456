import {
  type ChangeAuthor,
  jobIdOf,
  SAMPLE_JOBS,
  SAMPLE_NAMESPACE,
  type SettingsStore,
} from "@batchwatch/engine";

/**
 * Sample time runs faster than real time, and the clocks' defaults are made for real nights: without these, no
 * invented stall or late start would ever show.
 */
const CLOCKS = { startGraceMs: 20_000, heartbeatMs: 10_000 } as const;
const AUTHOR: ChangeAuthor = { userId: "sample", name: "sample bank" };

/** Sets the clocks of the sample bank's jobs, once each, as soon as the store knows them. */
export class SampleClocks {
  readonly #settings: Pick<SettingsStore, "get" | "changes" | "configure">;
  readonly #waiting: Set<string>;

  constructor(settings: Pick<SettingsStore, "get" | "changes" | "configure">, sourceId: string) {
    this.#settings = settings;
    const ids = [...SAMPLE_JOBS.keys()].map((name) => jobIdOf(sourceId, SAMPLE_NAMESPACE, name));
    this.#waiting = new Set(ids);
  }

  /** Jobs not known to the store yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** A job that anybody has changed, this included, keeps what it has. */
  async set(now: number): Promise<void> {
    for (const jobId of this.#waiting) {
      if ((await this.#settings.get(jobId)) === null) continue;
      const changes = await this.#settings.changes(jobId, 1);
      if (changes.length === 0) {
        await this.#settings.configure(jobId, { clocks: CLOCKS }, AUTHOR, now);
      }
      this.#waiting.delete(jobId);
    }
  }
}
