import type { EndedState } from "../model/run.ts";
import type { SampleJob } from "./sample-job.ts";

/** A stage of a planned run. Times are milliseconds since the night opened, at the bank's own speed. */
export interface PlannedStage {
  readonly name: string;
  readonly index: number;
  readonly startsMs: number;
  readonly endsMs: number;
  /** Rows it reads when it gets to its end. */
  readonly rows: number;
  /** Share of its rows that it reaches: less than 1 only in a stage that fails. */
  readonly reached: number;
  /** No commits from here for so long. */
  readonly pause: { readonly fromMs: number; readonly forMs: number } | null;
  /** Time between two commits. */
  readonly commitMs: number;
}

/** A run of the sample night, as it will go. */
export interface PlannedRun {
  readonly job: SampleJob;
  readonly runId: string;
  /** 1 for the first attempt of the business date. */
  readonly attempt: number;
  readonly nominalMs: number;
  /** null: stopped before it started. */
  readonly startsMs: number | null;
  readonly endsMs: number;
  readonly outcome: EndedState;
  readonly stages: readonly PlannedStage[];
  readonly parentRunId: string | null;
  /** In the job's own words when it ended badly; written at the start of a run that was held. */
  readonly message: string | null;
  readonly exitCode: string | null;
}

/** Times at which a stage commits, between its start and its end, without those that fall into its pause. */
export function commitsOf(stage: PlannedStage): readonly number[] {
  const commits: number[] = [];
  const { pause } = stage;
  for (let at = stage.startsMs + stage.commitMs; at < stage.endsMs; at += stage.commitMs) {
    if (pause === null || at <= pause.fromMs || at >= pause.fromMs + pause.forMs) commits.push(at);
  }
  return commits;
}
