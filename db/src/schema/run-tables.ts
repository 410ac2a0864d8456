import type { RunState } from "@batchwatch/engine";

export interface JobRunTable {
  readonly execution_id: string;
  readonly job_id: string;
  readonly run_key: string | null;
  readonly state: RunState;
  readonly instance_key: string | null;
  readonly attempt: number;
  readonly restarted_from: string | null;
  readonly cleared_by: string | null;
  readonly business_date: string | null;
  readonly business_date_origin: string | null;
  readonly trigger_kind: string;
  readonly maintenance_id: string | null;
  readonly time_quality: string;
  readonly host: string | null;
  readonly app_version: string | null;
  readonly parent_execution_id: string | null;
  readonly nominal_at: number | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
  readonly last_fact_at: number;
  /** What lists are ordered by; see RunColumns. */
  readonly ordered_at: number;
  readonly read_count: number | null;
  readonly written_count: number | null;
  readonly skipped_count: number | null;
  readonly message: string | null;
  /** JSON text of the run's summary, joined by the engine. */
  readonly summary: string;
}

/** Evidence of one transition. Kept for its own time, so it has no foreign key to the run. */
export interface RunTransitionTable {
  readonly execution_id: string;
  readonly fact_id: string;
  readonly kind: string;
  readonly stage: string | null;
  readonly occurred_at: number;
  readonly received_at: number;
  readonly source_id: string;
  readonly contract: string;
}
