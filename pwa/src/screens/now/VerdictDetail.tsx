import type { ReactNode } from "react";
import { formatNumber } from "../../components/format.ts";
import type { BoardLists } from "../../live/board-lists.ts";
import { isOpen } from "../../live/incident-lists.ts";

export interface VerdictDetailProps {
  readonly lists: BoardLists;
  /** Rows the server left out. */
  readonly truncated: number;
}

/** The second line: what the verdict does not count. */
export function VerdictDetail({ lists, truncated }: VerdictDetailProps): ReactNode {
  const open = lists.incidents.filter(isOpen);
  const failedIncidents = open.filter((row) => row.causeKind === "FAILED").length;
  const parts = [
    [lists.alerts.filter((row) => row.state === "failed").length + failedIncidents, "failed"],
    [lists.active.filter((row) => row.state === "recovering").length, "recovering"],
    [lists.incidents.length - open.length, "resolved in the last hour"],
    [lists.recent.length, "ended in the last hour"],
    [truncated, "more not shown"],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, word]) => `${formatNumber(n)} ${word}`);
  return <p className="verdict-detail num">{words.join(" · ")}</p>;
}
