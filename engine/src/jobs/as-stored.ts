import type { RecentRun } from "../ports/stores.ts";
import type { LiveRun } from "./live-run.ts";

/**
 * Memory has all that is stored of this run: a job's state and its runs are saved in one transaction, so there is nothing
 * to recall. A later attempt's number may be the store's alone.
 */
export function isHeldAsStored(known: LiveRun | undefined, { attempt }: RecentRun): boolean {
  return known?.complete === true && attempt === 1;
}
