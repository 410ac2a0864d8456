import type { Lifecycle, Tier } from "./job.ts";
import type { Schedule } from "./schedule.ts";

/** How often a job runs; sets the defaults of its clocks (engine/SPEC.md CLOCK-3). */
export const CADENCES = ["FREQUENT", "DAILY", "RARE"] as const;
export type Cadence = (typeof CADENCES)[number];

/** The four clocks as a person set them; null: the default, learned where it can be. Milliseconds. */
export interface ClockSettings {
  /** From the expected start until the run is late. */
  readonly startGraceMs: number | null;
  /** Longest time from start to end. */
  readonly runBudgetMs: number | null;
  /** A success in less time is suspicious. */
  readonly minimumDurationMs: number | null;
  /** Longest time without a sign of life while running. */
  readonly heartbeatMs: number | null;
}

export const DEFAULT_CLOCKS: ClockSettings = {
  startGraceMs: null,
  runBudgetMs: null,
  minimumDurationMs: null,
  heartbeatMs: null,
};

/** What people set on a job and the engine must know. A row of the store; a shard holds a copy. */
export interface JobSettings {
  readonly jobId: string;
  /** The name people see: the newest alias. */
  readonly name: string;
  readonly namespace: string;
  /** Null while facts decide the owner. */
  readonly ownerTeamId: string | null;
  readonly tier: Tier | null;
  /** What a person may do first when it fails, and where more is written. */
  readonly firstStep: string | null;
  readonly runbookUrl: string | null;
  readonly lifecycle: Lifecycle;
  /** Kept, but without clocks and signals. */
  readonly monitored: boolean;
  readonly cadence: Cadence | null;
  readonly schedule: Schedule | null;
  readonly clocks: ClockSettings;
}
