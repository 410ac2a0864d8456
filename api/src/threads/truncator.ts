import type { Logger } from "../logger.ts";
import type { LogClient } from "./log-client.ts";

export interface TruncatorOptions {
  readonly log: Pick<LogClient, "truncate">;
  /** Everything up to here is saved. */
  readonly mark: () => number;
  readonly logger: Logger;
}

/** Gives the journal's space back as the marks move on, one truncation under way at a time. */
export class Truncator {
  readonly #options: TruncatorOptions;
  #truncated = 0;
  #underWay = false;
  #failed: string | null = null;

  constructor(options: TruncatorOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    if (this.#underWay) return;
    this.#underWay = true;
    try {
      // The marks may have moved on meanwhile, for the last time before a quiet hour.
      for (let mark = this.#mark; mark > this.#truncated; mark = this.#mark) {
        // oxlint-disable-next-line no-await-in-loop -- one truncation after the other
        await this.#options.log.truncate(mark);
        this.#truncated = mark;
        this.#failed = null;
      }
    } catch (error) {
      this.#report(error);
    } finally {
      this.#underWay = false;
    }
  }

  get #mark(): number {
    return this.#options.mark();
  }

  /** Once for each kind of failure: it is tried again with every mark. */
  #report(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (this.#failed === code) return;
    this.#failed = code;
    this.#options.logger.error({ err: error }, "the journal could not be truncated");
  }
}
