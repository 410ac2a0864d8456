import type { Evidence } from "./evidence.ts";
import type { RecoveringAttempt, UntoldReason } from "./alert.ts";
import type { CauseKind, IncidentState, Resolution, Severity } from "./incident.ts";
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

/** An incident that is open, or was resolved within the last hour. */
export interface IncidentRow {
  readonly kind: "incident";
  readonly key: string;
  readonly incidentId: string;
  readonly version: number;
  readonly teamId: string;
  /** Team of the job that it is about now, where that is another one: its words are for that team. */
  readonly aboutTeamId?: string;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly causeKind: CauseKind;
  /** Null where it is about a source. */
  readonly jobId: string | null;
  /** Of the job, or of the source. */
  readonly jobName: string;
  readonly namespace: string;
  readonly tier: number;
  readonly executionId: string | null;
  readonly businessDate: string | null;
  readonly stage: string | null;
  /** The job's own words, masked, at most 200 characters. */
  readonly message: string | null;
  readonly evidence: readonly Evidence[];
  readonly since: string;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly resolution: Resolution | null;
  readonly acknowledgedBy: { readonly userId: string; readonly name: string } | null;
  readonly acknowledgedAt: string | null;
  readonly ackUntil: string | null;
  readonly snoozedUntil: string | null;
  readonly backToBed: boolean;
  readonly recovering:
    | (Omit<RecoveringAttempt, "startedAt"> & { readonly startedAt: string })
    | null;
  /** Jobs in it, with this one. */
  readonly jobs: number;
  /** Their ids, at most LIMITS.incidentMembers: a screen does not show their runs a second time. Left out where it is this one alone. */
  readonly jobIds?: readonly string[];
  /** The team of each of them, in the same order: whose id is shown to whom. Nobody is shown it. */
  readonly jobTeams?: readonly string[];
  /** Who is told next, and when; null when nobody is. */
  readonly next: { readonly at: string; readonly who: string } | null;
  /** Why nobody was told; null once somebody was. */
  readonly untold: UntoldReason | null;
}

/** A row left the board. */
export interface GoneRow {
  readonly kind: "gone";
  readonly key: string;
  readonly teamId: string;
}

export type BoardRow = RunRow | TrendRow | IncidentRow;
export type BoardChange = BoardRow | GoneRow;
