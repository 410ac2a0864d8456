import type { RunRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatNumber, formatPercent } from "./format.ts";

/** Done / total as 0 to 1; null while the total is not known. */
export function ratioOf(progress: RunRow["progress"]): number | null {
  if (progress === null || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, Math.max(0, progress.done / progress.total));
}

/** `62 %`, or `1,204 rows` where only the amount is known, or nothing. Never a guess. */
export function progressWords(progress: RunRow["progress"]): string {
  const ratio = ratioOf(progress);
  if (ratio !== null) return formatPercent(ratio);
  if (progress === null) return "";
  return `${formatNumber(progress.done)} ${progress.unit ?? "done"}`;
}

/** Filled where the share is known, else hatched. */
export function ProgressBar({
  progress,
  label,
}: {
  readonly progress: RunRow["progress"];
  readonly label: string;
}): ReactNode {
  const ratio = ratioOf(progress);
  if (ratio === null) return <span className="bar hatched" aria-hidden="true" />;
  return <progress className="bar" max={1} value={ratio} aria-label={label} />;
}
