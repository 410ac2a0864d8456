import type { BoardRow } from "batchwatch/router";
import { type BoardLists, listsOf } from "./board-lists.ts";
import { useNow } from "./tick-clock.ts";
import { useLiveState } from "./use-live.ts";

/** Lists that depend on the clock are worked out again this often, ms. */
const LISTS_STEP_MS = 10_000;

/** The lists of the board as it is now; null while there is no board. */
export function useBoardLists(): BoardLists | null {
  const rows = useLiveState().board?.rows;
  const until = useNow(LISTS_STEP_MS) + LISTS_STEP_MS;
  return rows === undefined ? null : sharedLists(rows, until);
}

interface Derived {
  readonly rows: ReadonlyMap<string, BoardRow>;
  readonly until: number;
  readonly lists: BoardLists;
}
let last: Derived | null = null;

/** Several parts of the page read the lists of the same rows: they are worked out once. */
function sharedLists(rows: ReadonlyMap<string, BoardRow>, until: number): BoardLists {
  if (last === null || last.rows !== rows || last.until !== until) {
    last = { rows, until, lists: listsOf(rows.values(), until) };
  }
  return last.lists;
}
