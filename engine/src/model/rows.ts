import type { Evidence } from "./evidence.ts";
import type { RunState } from "./run.ts";

/**
 * Board rows as they travel to screens: the newest state of one thing, keyed.
 * Times are ISO 8601 UTC with milliseconds, durations end in `Ms`.
 */
export interface RunRow {
  readonly kind: "run";
  readonly key: string;
  readonly executionId: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly namespace: string;
  readonly teamId: string;
  readonly tier: number;
  readonly runKey: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly businessDate: string | null;
  readonly nominalAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  /** Newest `occurredAt` of any fact of the run. */
  readonly lastFactAt: string;
  /** Stage that is open now, or the one that ended last. */
  readonly stage: string | null;
  readonly stageCount: number;
  readonly progress: {
    readonly done: number;
    readonly total: number | null;
    readonly unit: string | null;
  } | null;
  readonly rowsWritten: number | null;
  /** Masked, at most 200 characters. */
  readonly message: string | null;
  /** A later attempt of the same instance that succeeded. */
  readonly clearedBy: string | null;
  /** Median duration of the job's last 8 successful runs. */
  readonly usualDurationMs: number | null;
  /** An expected occurrence that no run has taken yet: it has no run page, and `executionId` is an id of the slot. */
  readonly occurrence: boolean;
  /** Why it is shown in its state; empty when the facts alone say it. */
  readonly evidence: readonly Evidence[];
}

export type TrendDirection = "IMPROVING" | "DEGRADING" | "STABLE" | "LEARNING";

/** Median duration of the last 8 successful runs against the 8 before them. */
export interface TrendRow {
  readonly kind: "trend";
  readonly key: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly teamId: string;
  readonly direction: TrendDirection;
  readonly recentMedianMs: number | null;
  readonly previousMedianMs: number | null;
  /** (recent − previous) / previous; null while learning. */
  readonly changeRatio: number | null;
  readonly successfulRuns: number;
}

/** A row left the board. */
export interface GoneRow {
  readonly kind: "gone";
  readonly key: string;
  readonly teamId: string;
}

export type BoardRow = RunRow | TrendRow;
export type BoardChange = BoardRow | GoneRow;
