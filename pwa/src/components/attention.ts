import type { BoardLists } from "../live/board-lists.ts";
import { isOpen, needsMe } from "../live/incident-lists.ts";

/** What asks for somebody, counted for one reader. */
export interface Attention {
  /** Open incidents that nobody has, or this reader; and runs in trouble that no incident speaks for. */
  readonly me: number;
  /** Open incidents that somebody else has. */
  readonly taken: number;
}

export function attentionOf(
  lists: Pick<BoardLists, "incidents" | "alerts">,
  userId: string,
): Attention {
  const open = lists.incidents.filter(isOpen);
  const mine = open.filter((incident) => needsMe(incident, userId)).length;
  return { me: mine + lists.alerts.length, taken: open.length - mine };
}
