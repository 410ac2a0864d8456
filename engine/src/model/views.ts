import type { Evidence } from "./evidence.ts";
import type { Lifecycle, Tier } from "./job.ts";
import type { Cadence, ClockSettings } from "./job-settings.ts";
import type { Role } from "./people.ts";
import type { Schedule, ScheduleProposal } from "./schedule.ts";
import type { BoardChange, IncidentRow, RunRow, TrendRow } from "./rows.ts";
import type { RunState } from "./run.ts";

/** Answers of the API. Times are ISO 8601 UTC with milliseconds; durations end in `Ms`. */

export type HealthStatus = "UP" | "DEGRADED" | "DOWN";

export interface HealthComponent {
  readonly name:
    | "database"
    | "journal"
    | "engine"
    | "websocket"
    | "dataFreshness"
    | "alerting"
    | "approvals"
    | "audit";
  readonly status: HealthStatus;
  /** One plain sentence, for example "3 facts wait to be saved". */
  readonly summary: string;
  readonly details: Readonly<Record<string, number | string | null>>;
}

export interface SystemHealth {
  readonly status: HealthStatus;
  readonly components: readonly HealthComponent[];
}

export interface PerformanceMetrics {
  readonly activeCount: number;
  readonly succeededLastHour: number;
  readonly failedLastHour: number;
  /** succeeded / (succeeded + failed) of the last hour; null when none ended. */
  readonly successRate: number | null;
  readonly medianDurationMs: number | null;
  readonly rowsWrittenLastHour: number;
}

export interface Dashboard {
  /** Late, running, stalled, recovering and unknown ones; at most BATCHWATCH_BOARD_LIMIT rows, the cut is counted in `truncated`. */
  readonly activeJobs: readonly RunRow[];
  /** Ended within the last hour, newest first. */
  readonly recentCompletions: readonly RunRow[];
  readonly performanceMetrics: PerformanceMetrics;
  readonly systemHealth: SystemHealth;
  /** Late and stalled runs, and failed ones of the last 24 hours that no later attempt has cleared, newest first. */
  readonly alerts: readonly RunRow[];
  /** Open incidents and those resolved within the last hour, the most urgent first. */
  readonly incidents: readonly IncidentRow[];
  /** Jobs whose median duration moved most, at most 50. */
  readonly trends: readonly TrendRow[];
  readonly timestamp: string;
  readonly epoch: string;
  readonly seq: number;
  readonly truncated: number;
}

export type LiveItem =
  | { readonly type: "changes"; readonly changes: readonly BoardChange[]; readonly at: string }
  | {
      readonly type: "heartbeat";
      readonly at: string;
      readonly performanceMetrics: PerformanceMetrics;
      readonly systemHealth: SystemHealth;
    }
  /** The position is unknown (restart, or too far behind): fetch `dashboard.get` again. */
  | { readonly type: "reset"; readonly at: string };

export interface JobListItem {
  readonly jobId: string;
  readonly name: string;
  readonly namespace: string;
  readonly businessName: string | null;
  readonly teamId: string;
  readonly tier: number;
  readonly environment: string;
  readonly lifecycle: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** What people set on a job; null: the default, learned where it can be. */
export interface JobSettingsView {
  readonly tier: Tier | null;
  readonly monitored: boolean;
  readonly lifecycle: Lifecycle;
  /** Null while facts decide the owner. */
  readonly ownerTeamId: string | null;
  readonly cadence: Cadence | null;
  readonly schedule: (Omit<Schedule, "since"> & { readonly since: string }) | null;
  readonly clocks: ClockSettings;
}

/** One change of one field, as text. */
export interface JobChangeView {
  readonly at: string;
  readonly by: string;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface JobView extends JobListItem {
  readonly sourceId: string;
  readonly runbookUrl: string | null;
  readonly firstStep: string | null;
  readonly trend: TrendRow | null;
  readonly settings: JobSettingsView;
  /** Set, else from the job's past; null while too little is known. */
  readonly cadence: Cadence | null;
  /** What its past suggests while it has no schedule. */
  readonly proposal: ScheduleProposal | null;
  readonly nextExpectedAt: string | null;
  /** The newest first; empty for a display. */
  readonly changes: readonly JobChangeView[];
}

/** A job after a change: its id may be another's than was asked for, when that one was renamed to it. */
export interface ChangedJobView {
  readonly jobId: string;
  readonly name: string;
  readonly namespace: string;
  readonly settings: JobSettingsView;
}

export interface RunListItem {
  readonly executionId: string;
  readonly runKey: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly namespace: string;
  readonly teamId: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly businessDate: string | null;
  readonly nominalAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly rowsWritten: number | null;
  readonly message: string | null;
}

export interface StageView {
  readonly name: string;
  readonly index: number | null;
  readonly state: RunState;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly progress: {
    readonly done: number;
    readonly total: number | null;
    readonly unit: string | null;
  } | null;
  readonly counters: Readonly<Record<string, number>>;
}

export interface RunErrorView {
  readonly at: string;
  readonly stage: string | null;
  readonly message: string;
  readonly exitCode: string | null;
}

/**
 * What a team's people see of another team's job in a chain: who it is, how it stands and who has it, and nothing to open
 * (domain.md, People).
 */
export interface ForeignJobView {
  readonly name: string;
  readonly teamName: string;
  /** Of the run in the chain; of a job that waits, of its newest run on the board; `unknown` where there is none. */
  readonly state: RunState;
  /** When a run under way usually ends; null: it is not under way, or nothing is known. */
  readonly etaAt: string | null;
  /** Who is paged first for its team; null: nobody can be, or the reader sees no names. */
  readonly onCall: string | null;
}

/** One transition of a run, with its evidence. */
export interface AuditEntry {
  readonly kind: string;
  readonly stage: string | null;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly source: string;
  readonly contract: string;
}

export interface DatasetView {
  readonly namespace: string;
  readonly name: string;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly files: number | null;
}

export interface RunView extends RunListItem {
  readonly instanceKey: string;
  readonly businessDateOrigin: string | null;
  readonly tier: number;
  readonly host: string | null;
  readonly appVersion: string | null;
  readonly timeQuality: string;
  readonly lastFactAt: string;
  readonly clearedBy: string | null;
  /** As on the board now; empty for a run that has left it. */
  readonly evidence: readonly Evidence[];
  readonly performance: {
    readonly durationMs: number | null;
    readonly usualDurationMs: number | null;
    /** duration / usual − 1; null while either is unknown. */
    readonly changeRatio: number | null;
    readonly rowsRead: number | null;
    readonly rowsWritten: number | null;
    readonly rowsSkipped: number | null;
    readonly rowsPerSecond: number | null;
    readonly metrics: Readonly<Record<string, number>>;
  };
  readonly progress: StageView["progress"];
  readonly stages: readonly StageView[];
  readonly errors: readonly RunErrorView[];
  readonly audit: readonly AuditEntry[];
  readonly dataLineage: {
    readonly inputs: readonly DatasetView[];
    readonly outputs: readonly DatasetView[];
    readonly parent: RunListItem | null;
    readonly children: readonly RunListItem[];
    /** The parent and children that are other teams'. */
    readonly foreignParent: ForeignJobView | null;
    readonly foreignChildren: readonly ForeignJobView[];
  };
  readonly params: Readonly<Record<string, string>>;
}

export interface MeView {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly teamIds: readonly string[];
  /** null: all teams. */
  readonly teams: readonly { readonly teamId: string; readonly name: string }[];
  readonly version: string;
  /** True while the sample bank feeds this server. */
  readonly sample: boolean;
  /** Whether this server knows any source at all. */
  readonly hasSource: boolean;
  readonly updateIntervalMs: number;
  readonly serverTime: string;
}
