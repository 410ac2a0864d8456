import type { Logger } from "../logger.ts";
import type { LogClient } from "./log-client.ts";

export interface TruncatorOptions {
  readonly log: LogClient;
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
    const mark = this.#options.mark();
    if (this.#underWay || mark <= this.#truncated) return;
    this.#underWay = true;
    try {
      await this.#options.log.truncate(mark);
      this.#truncated = mark;
      this.#failed = null;
    } catch (error) {
      this.#report(error);
    } finally {
      this.#underWay = false;
    }
  }

  /** Once for each kind of failure: it is tried again with every mark. */
  #report(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (this.#failed === code) return;
    this.#failed = code;
    this.#options.logger.error({ err: error }, "the journal could not be truncated");
  }
}
