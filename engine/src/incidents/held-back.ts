import type { Incident } from "../model/incident.ts";
import { firingOf } from "./members.ts";
import { isKeptQuiet } from "./receivers.ts";
import { wakes } from "./severity.ts";

/** Open incidents that a source's "start paging" tells of at once [INC-20]. */
export interface HeldBack {
  /** Wake whoever is on call. */
  readonly pages: number;
  /** Are told to webhooks alone. */
  readonly notices: number;
}

/** What nobody was told of because this source is only watched: still open, nobody has it, and something of the source fires in it. */
export function heldBack(open: Iterable<Incident>, sourceId: string): HeldBack {
  let pages = 0;
  let notices = 0;
  for (const incident of open) {
    if (!isKeptQuiet(incident) || incident.untold !== "source-watching") continue;
    if (!firingOf(incident).some(({ card }) => card.sourceId === sourceId)) continue;
    if (wakes(incident.severity)) pages += 1;
    else notices += 1;
  }
  return { pages, notices };
}
