import type { BoardRow } from "batchwatch/router";
import { formatPercent } from "./format.ts";
import { ratioOf } from "./ProgressBar.tsx";

/** `stage 3, load positions, 62 %` of the attempt that is under way; null where the board does not know it. */
export function attemptProgress(row: BoardRow | undefined): string | null {
  if (row?.kind !== "run") return null;
  const { stage, stageCount, progress } = row;
  const ratio = ratioOf(progress);
  const parts = [
    stageCount > 0 ? `stage ${stageCount}` : null,
    stage,
    ratio === null ? null : formatPercent(ratio),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}
