import { contentIdOf } from "../model/ids.ts";
import type { Observation } from "../model/fact.ts";
import type { Counters, Dataset, EndedState, ParentRun, Progress } from "../model/run.ts";
import type { Commits } from "./commits.ts";

/**
 * A run is a join of summaries (engine.md §1), never a list of events. Every field is a value that only
 * grows in a fixed order, so facts may arrive in any order and any number of times and give the same summary:
 * earliest of starts, latest of ends, newest of progress, union of names. `join` is commutative, associative
 * and idempotent; run-summary.test.ts holds it to that.
 */
export interface RunSummary {
  readonly executionId: string;
  readonly jobId: string;
  readonly runKey: string;
  /** Earliest and latest `occurredAt` of any fact. */
  firstFactAt: number;
  lastFactAt: number;
  /** How long after it occurred the newest fact was received, ms; null: at once, or the run has ended. */
  lagMs: number | null;
  scheduledAt: number | null;
  startedAt: number | null;
  /** Some fact proves that the run began (started, progress, or a stage's fact). */
  active: boolean;
  /** All facts so far were older than 24 h when they arrived. */
  historical: boolean;
  clamped: boolean;
  end: Ending | null;
  progress: Stamped<Progress> | null;
  counters: Stamped<Counters> | null;
  /** Of the run itself, outside any stage; none once it ended. */
  readonly commits: Commits;
  parent: Stamped<ParentRun> | null;
  nominalAt: Stamped<number> | null;
  businessDate: Stamped<{ readonly day: string; readonly origin: string }> | null;
  host: Stamped<string> | null;
  appVersion: Stamped<string> | null;
  metrics: ReadonlyMap<string, Stamped<number>>;
  params: ReadonlyMap<string, Stamped<string>>;
  inputs: ReadonlyMap<string, Stamped<Dataset>>;
  outputs: ReadonlyMap<string, Stamped<Dataset>>;
  stages: ReadonlyMap<string, StageSummary>;
  /** Newest first by (at, factId). */
  errors: readonly ErrorNote[];
}

export interface StageSummary {
  readonly name: string;
  index: number | null;
  startedAt: number | null;
  lastFactAt: number;
  end: Ending | null;
  progress: Stamped<Progress> | null;
  counters: Stamped<Counters> | null;
  /** None once it ended: an ended stage has no rhythm to keep. */
  readonly commits: Commits;
}

/** A value with the time it was stated; the newest statement wins, ties go to the larger text. */
export interface Stamped<T> {
  at: number;
  value: T;
}

export interface Ending {
  readonly state: EndedState;
  readonly at: number;
  readonly factId: string;
  readonly message: string | null;
  readonly exitCode: string | null;
}

export interface ErrorNote {
  readonly at: number;
  readonly factId: string;
  readonly stage: string | null;
  readonly message: string;
  readonly exitCode: string | null;
}

/** Of a run that names none of a kind: most name nothing, and each map of their own would cost as much as the rest of them. */
export const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** No errors, of nearly all runs. */
const NO_ERRORS: readonly ErrorNote[] = [];

export function emptySummary(executionId: string, jobId: string, runKey: string): RunSummary {
  return {
    executionId,
    jobId,
    runKey,
    firstFactAt: Number.MAX_SAFE_INTEGER,
    lastFactAt: 0,
    lagMs: null,
    scheduledAt: null,
    startedAt: null,
    active: false,
    historical: true,
    clamped: false,
    end: null,
    progress: null,
    counters: null,
    commits: [],
    parent: null,
    nominalAt: null,
    businessDate: null,
    host: null,
    appVersion: null,
    metrics: NONE,
    params: NONE,
    inputs: NONE,
    outputs: NONE,
    stages: NONE,
    errors: NO_ERRORS,
  };
}

export function emptyStage(name: string): StageSummary {
  return {
    name,
    index: null,
    startedAt: null,
    lastFactAt: 0,
    end: null,
    progress: null,
    counters: null,
    commits: [],
  };
}

/** Id of what a fact says, without when and how it was received: repeats share it. */
export function factIdOf(fact: Observation): string {
  const { historical: _historical, clamped: _clamped, ...said } = fact;
  return contentIdOf(JSON.stringify(said));
}

export function datasetKey(dataset: Dataset): string {
  return `${dataset.namespace}\n${dataset.name}`;
}
