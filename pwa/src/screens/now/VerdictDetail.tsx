import type { ReactNode } from "react";
import { formatNumber } from "../../components/format.ts";
import type { BoardLists } from "../../live/board-lists.ts";

export interface VerdictDetailProps {
  readonly lists: BoardLists;
  /** Rows the server left out. */
  readonly truncated: number;
}

/** The second line: what else is unusual, in counts. */
export function VerdictDetail({ lists, truncated }: VerdictDetailProps): ReactNode {
  const count = (state: string): number => lists.active.filter((row) => row.state === state).length;
  const parts = [
    [count("late"), "late"],
    [count("stalled"), "stalled"],
    [count("unknown"), "unknown"],
    [lists.recent.length, "ended in the last hour"],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, word]) => `${formatNumber(n)} ${word}`);
  if (truncated > 0) words.push(`${formatNumber(truncated)} more not shown`);
  return <p className="verdict-detail num">{words.join(" · ")}</p>;
}
