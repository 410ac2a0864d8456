import type { RunRow, RunState } from "batchwatch/router";
import { evidenceSentence } from "./evidence-words.ts";

/** States that are spoken when a run comes into them. */
const SPOKEN_WORDS: Readonly<Partial<Record<RunState, string>>> = {
  failed: "failed",
  stalled: "stalled",
  late: "is late",
};

/** Job, attempt when it is not the first, what happened, and why. */
export function spokenAlert(row: RunRow, now: number): string {
  const attempt = row.attempt > 1 ? `, attempt ${row.attempt},` : "";
  const [why] = row.evidence;
  const cause = why === undefined ? row.message : evidenceSentence(why, row, now);
  return `${row.jobName}${attempt} ${SPOKEN_WORDS[row.state] ?? "needs you"}. ${cause ?? ""}`.trim();
}

/** One alert in full, several in counts: `3 jobs need you: 2 failed, 1 late.` */
export function spokenAlerts(rows: readonly RunRow[], now: number): string {
  const [first] = rows;
  if (first === undefined) return "";
  if (rows.length === 1) return spokenAlert(first, now);
  const counts = (["failed", "stalled", "late"] as const)
    .map((state) => [rows.filter((row) => row.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  return `${rows.length} jobs need you: ${counts.join(", ")}.`;
}
