import type { Fact, JournalRecord } from "../model/fact.ts";
import type { Source } from "../model/job.ts";
import type { MaskExceptions, MaskTally } from "../model/masked.ts";
import type { Rejection } from "../ports/stores.ts";

/** Which jobs a source may still speak of, where it is near its limit of them (SUP-7). */
export interface JobAllowance {
  /** Jobs that the source may have. */
  readonly limit: number;
  /** Whether the job is known, or new and within the limit; a new one is known from then on. */
  admits(jobId: string): boolean;
}

export interface AdmitRequest {
  readonly contract: "native" | "openlineage" | "openlineage-batch";
  readonly bytes: Uint8Array;
  readonly contentType?: string | null;
  readonly source: Source;
  /** Absent far below the limit of jobs. It cannot cross a thread. */
  readonly jobs?: JobAllowance | undefined;
  /** Job ids of this source's renamed names, and the jobs that they belong to. Absent when there are none. */
  readonly aliases?: ReadonlyMap<string, string> | undefined;
  /** Fields whose values keep some kinds, by approved exceptions. Absent when there are none. */
  readonly keeps?: MaskExceptions | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What to answer once `records` are durable, and what to keep of what was refused. */
export interface Admitted {
  readonly reply: { readonly status: number; readonly body: unknown };
  readonly records: JournalRecord[];
  readonly rejections: Rejection[];
  /** Members that became facts. */
  readonly accepted: number;
  /** Ids of jobs that this thread had not met lately: no others can be new. */
  readonly unmetJobs: readonly string[];
  /** What was hidden in what is kept, refused members included, and what exceptions left. */
  readonly masked: MaskTally;
}

/** A fact with the partition it is kept in. */
export interface PlacedFact {
  readonly partition: number;
  readonly fact: Fact;
}

/** What every member of one request is read with. */
export interface ReadContext {
  readonly source: Source;
  readonly aliases?: ReadonlyMap<string, string> | undefined;
  readonly keeps?: MaskExceptions | undefined;
  readonly receivedAt: number;
}
