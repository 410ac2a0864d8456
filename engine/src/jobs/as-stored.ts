import type { RecentRun } from "../ports/stores.ts";
import { type LiveRun, textOf } from "./live-run.ts";

/** Memory has this run just as it is stored: there is nothing to recall. A later attempt's number may be the store's alone. */
export function isHeldAsStored(
  known: LiveRun | undefined,
  { attempt, summary }: Pick<RecentRun, "attempt" | "summary">,
): boolean {
  return known?.complete === true && attempt === 1 && textOf(known) === summary;
}
