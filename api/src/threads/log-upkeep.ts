import type { Logger } from "../logger.ts";
import type { UpkeepNews } from "./keep-up.ts";
import { crossed } from "./messages.ts";

/** Says what the store's upkeep did; nothing where there was nothing to do. */
export function logUpkeep(logger: Logger, news: UpkeepNews): void {
  if ("error" in news) {
    logger.error({ err: crossed(news.error) }, "not all that is old enough could be removed");
  } else if (news.removed > 0) {
    logger.info({ removed: news.removed }, "what was old enough was removed");
  }
}
