/** States a run is shown in. Several need clocks (late, stalled, unknown, recovering) and are set only by them. */
export const RUN_STATES = [
  "scheduled",
  "late",
  "running",
  "stalled",
  "recovering",
  "succeeded",
  "failed",
  "stopped",
  "unknown",
] as const;
export type RunState = (typeof RUN_STATES)[number];
export type EndedState = "succeeded" | "failed" | "stopped";

export type BusinessDateOrigin = "COLUMN" | "PARAMETER" | "NOMINAL" | "RULE";

/** Absolute since the start of the run or stage. */
export interface Counters {
  readonly read?: number;
  readonly written?: number;
  readonly skipped?: number;
  readonly rolledBack?: number;
  readonly filtered?: number;
}
export const COUNTER_NAMES: readonly (keyof Counters)[] = [
  "read",
  "written",
  "skipped",
  "rolledBack",
  "filtered",
];

/** Absolute since the start of the run or stage; `total` only where the job knows it. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly unit?: string;
}

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly files?: number;
}

export interface ParentRun {
  readonly executionId: string;
  readonly namespace: string;
  readonly name: string;
  readonly runKey: string;
}
