import type { IncidentRow, RunRow } from "batchwatch/router";
import type { BoardLists } from "./board-lists.ts";
import { holdOrder } from "./hold-order.ts";

export interface HeldLists {
  readonly lists: BoardLists;
  /** Rows that would move, come or go if nothing was held. */
  readonly changes: number;
}

/** The lists as they were shown, with what of the newest rows can be shown without moving anything. */
export function holdLists(held: BoardLists, live: BoardLists): HeldLists {
  const incidents = holdOrder(held.incidents, live.incidents, hasSameSentences);
  const alerts = holdOrder(held.alerts, live.alerts, takesSameRoom);
  const active = holdOrder(held.active, live.active, takesSameRoom);
  const recent = holdOrder(held.recent, live.recent, takesSameRoom);
  return {
    lists: {
      ...held,
      incidents: incidents.rows,
      alerts: alerts.rows,
      active: active.rows,
      recent: recent.rows,
    },
    changes: incidents.changes + alerts.changes + active.changes + recent.changes,
  };
}

/** A card's lines depend on nearly every field: only the same version takes the same room for sure. */
function hasSameSentences(before: IncidentRow, now: IncidentRow): boolean {
  return before.version === now.version;
}

function takesSameRoom(before: RunRow, now: RunRow): boolean {
  return (
    before.state === now.state &&
    before.attempt === now.attempt &&
    before.evidence.length === now.evidence.length &&
    (before.message === null) === (now.message === null)
  );
}
