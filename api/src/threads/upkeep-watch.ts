import type { Logger } from "../logger.ts";
import type { UpkeepNews } from "./keep-up.ts";
import { crossed } from "./messages.ts";

/** Says what the store's upkeep did, nothing where there was nothing to do, and knows whether it is held. */
export class UpkeepWatch {
  readonly #logger: Pick<Logger, "info" | "warn" | "error">;
  #held = false;

  constructor(logger: Pick<Logger, "info" | "warn" | "error">) {
    this.#logger = logger;
  }

  /** Nothing that is old is removed: the clock went far ahead of all that is known. */
  get held(): boolean {
    return this.#held;
  }

  take(news: UpkeepNews): void {
    if ("error" in news) {
      this.#logger.error(
        { err: crossed(news.error) },
        "not all that is old enough could be removed",
      );
      return;
    }
    this.#held = news.held;
    if (news.held) {
      this.#logger.warn(
        {},
        "the clock went far ahead: nothing that is old is removed until it has run for a day",
      );
    } else if (news.removed > 0) {
      this.#logger.info({ removed: news.removed }, "what was old enough was removed");
    }
  }
}
