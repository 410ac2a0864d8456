import type { Observation, PositionedRecord } from "@batchwatch/engine";

/** What every contender is given at a time: the same facts, as journal records and decoded. */
export interface Round {
  readonly records: readonly PositionedRecord[];
  readonly facts: readonly Observation[];
  /** The record of each fact. */
  readonly recordOf: readonly PositionedRecord[];
}

/** The form of the facts that a contender starts from. */
export type RoundForm = "records" | "facts";

/** What became of a job: the same for every contender. */
export interface JobOutcome {
  readonly executionId: string;
  readonly state: "running" | "succeeded";
  /** Last progress of that run. */
  readonly done: number;
}

export interface Outcome {
  /** By job id. */
  readonly jobs: ReadonlyMap<string, JobOutcome>;
  readonly facts: number;
  /** Starts and ends. */
  readonly transitions: number;
}

/** Something that keeps the state of many jobs from their facts. */
export interface Contender {
  readonly form: RoundForm;
  /** Returns, or resolves, once every fact of the round is in the state. */
  apply(round: Round): void | Promise<void>;
  /** Between two rounds; no part of the time that counts. */
  rest?(): void;
  /** In the last round each job has exactly one fact; called before it, so that rows can be kept. */
  beforeLast?(): void;
  outcome(): Outcome;
}
