import { LIMITS } from "../model/limits.ts";
import type { BoardRow, RunRow } from "../model/rows.ts";
import { require } from "./violation.ts";

export interface OtherRows {
  readonly rows: ReadonlyMap<string, BoardRow>;
  /** Whose rows these are, for the message. */
  readonly what: string;
  /** Jobs of which facts are missing or wait as letters. */
  readonly skipped: ReadonlySet<string>;
  /** How often the store refused a unit of the job that was sent alone. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Runs whose neighbours their job remembers; null: all. */
  readonly inRing: ReadonlySet<string> | null;
}

/** I2: the board shows what another one shows that knows the same. */
export function compareRows(shown: ReadonlyMap<string, BoardRow>, other: OtherRows): void {
  const { rows, what, skipped, inRing } = other;
  for (const key of new Set([...shown.keys(), ...rows.keys()])) {
    const left = shown.get(key);
    const right = rows.get(key);
    if (skipped.has(left?.jobId ?? right?.jobId ?? "")) continue;
    // A pause that only the thread itself noticed is not told to a process that starts now.
    if (isBlind(left) || isBlind(right)) continue;
    // Cleared by an attempt that came when the job remembered neither: the one board still shows it, the other does not.
    if (isLooseFailure(left ?? right, inRing) && (left === undefined || right === undefined))
      continue;
    const text = isQuarantined(left) ? textInQuarantine(left, right, other) : rowText(left, inRing);
    require(text === rowText(right, inRing), "I2", () =>
      `row ${key} differs from ${what}\nshown: ${JSON.stringify(left)}\nthere: ${JSON.stringify(right)}`);
  }
}

export function isBlind(row: BoardRow | undefined): boolean {
  return row?.kind === "run" && row.evidence.some(({ code }) => code === "blind");
}

export function isQuarantined(row: BoardRow | undefined): row is RunRow {
  return row?.kind === "run" && row.evidence.some(({ code }) => code === "quarantined");
}

/**
 * UNIT-6: all facts of this job are stored (or it would be skipped), and still it was given up, for what a clock said
 * of it: that is only right where the store refused it. A process that starts now tries it again, and differs in
 * nothing but what it says of it.
 */
function textInQuarantine(
  shown: RunRow,
  there: BoardRow | undefined,
  { refusals, inRing }: OtherRows,
): string {
  const times = refusals.get(shown.jobId) ?? 0;
  require(times >= LIMITS.refusalsPerUnit, "UNIT-5", () =>
    `job ${shown.jobId} is in quarantine, and the store refused it ${times} times: ${JSON.stringify(shown)}`);
  require(shown.state === "unknown", "UNIT-6", () =>
    `a run in quarantine is shown as ${shown.state}: ${JSON.stringify(shown)}`);
  if (shown.occurrence) return rowText(undefined, inRing);
  if (there?.kind !== "run") return rowText(shown, inRing);
  return rowText({ ...shown, state: there.state, evidence: there.evidence }, inRing);
}

function isLooseFailure(row: BoardRow | undefined, inRing: ReadonlySet<string> | null): boolean {
  return row?.kind === "run" && row.state === "failed" && inRing?.has(row.executionId) === false;
}

/** The usual duration beside an ended run is a figure of the time when it was shown; an earlier run told later does not redraw it. */
function rowText(row: BoardRow | undefined, inRing: ReadonlySet<string> | null): string {
  if (row?.kind !== "run" || row.endedAt === null) return JSON.stringify(row) ?? "";
  const compared = { ...row, usualDurationMs: null };
  if (inRing === null || inRing.has(row.executionId)) return JSON.stringify(compared);
  return JSON.stringify({ ...compared, attempt: 0, clearedBy: null });
}
