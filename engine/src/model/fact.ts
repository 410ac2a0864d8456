import type { Counters, Dataset, ParentRun, Progress } from "./run.ts";

export const OBSERVATION_KINDS = [
  "scheduled",
  "started",
  "progress",
  "succeeded",
  "failed",
  "stopped",
  "log",
] as const;
export type ObservationKind = (typeof OBSERVATION_KINDS)[number];

/** Wire form a fact came in. */
export type Contract = "native" | "openlineage";

/** One normalised, masked fact about a run or one of its stages. Times are epoch milliseconds. */
export interface Observation {
  readonly type: "observation";
  readonly jobId: string;
  readonly executionId: string;
  readonly namespace: string;
  readonly name: string;
  readonly teamId: string;
  readonly runKey: string;
  readonly kind: ObservationKind;
  readonly occurredAt: number;
  /** `occurredAt` was in the future and was set to the time of receipt. */
  readonly clamped?: true;
  /** Older than 24 h on arrival: feeds history, never the board. */
  readonly historical?: true;
  readonly parent?: ParentRun;
  readonly stage?: { readonly name: string; readonly index?: number };
  readonly nominalAt?: number;
  readonly businessDate?: string;
  readonly businessDateOrigin?: "COLUMN" | "PARAMETER" | "NOMINAL" | "RULE";
  readonly progress?: Progress;
  readonly counters?: Counters;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly message?: string;
  readonly exitCode?: string;
  readonly inputs?: readonly Dataset[];
  readonly outputs?: readonly Dataset[];
  readonly params?: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly appVersion?: string;
}

/** A statement about a job or a dataset outside any run (OpenLineage JobEvent, DatasetEvent): kept, masked, as it came. */
export interface LineageNote {
  readonly type: "lineage";
  /** Stable id of subject and content, so that a repeat is the same note. */
  readonly noteId: string;
  readonly subject: "job" | "dataset";
  readonly namespace: string;
  readonly name: string;
  readonly occurredAt: number;
  /** Masked JSON text of the event. */
  readonly body: string;
}

export type Fact = Observation | LineageNote;

/** One row of the journal: the facts of one request. */
export interface JournalRecord {
  /** The partition of all its facts, or `MANY_PARTITIONS`: then the record's sections say it. */
  readonly partition: number;
  readonly receivedAt: number;
  readonly contract: Contract;
  readonly sourceId: string;
  /** As `encodeRecord` writes {@link Fact}s; before version 2 a UTF-8 JSON array of them. */
  readonly bytes: Uint8Array;
}

/** A journal row with its position. Positions grow by one and are never reused. */
export interface PositionedRecord extends JournalRecord {
  readonly position: number;
}
