import type { BlindInterval } from "../model/blind-interval.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { Calendar } from "../model/schedule.ts";
import type { BoardChange } from "../model/rows.ts";
import type { JournalDamage } from "../ports/partition-log.ts";
import type {
  KeptLetter,
  PartitionMark,
  Piece,
  RecentRun,
  SavedPiece,
  StoredJobState,
} from "../ports/stores.ts";

/** What the main thread says to a shard. */
export type ToShard =
  /** Stored jobs of its partitions; any number of these before `start`. */
  | { readonly type: "load"; readonly states: readonly StoredJobState[] }
  /** Stored runs of its jobs that the board may still show, after `load` and before `start`. */
  | { readonly type: "recent"; readonly runs: readonly RecentRun[] }
  /** Letters of its jobs, all of one job after another, after `load` and before `start`: they are tried again. */
  | { readonly type: "letters"; readonly letters: readonly KeptLetter[] }
  /** It owns its partitions from now on: read the journal after each partition's own mark. */
  | {
      readonly type: "start";
      readonly term: number;
      readonly marks: readonly PartitionMark[];
      readonly end: number;
    }
  /** The journal is durable up to `end`. */
  | { readonly type: "end"; readonly end: number }
  | { readonly type: "saved"; readonly saved: SavedPiece }
  /** `refused`: the content cannot be kept, ever; otherwise the store was away or the outcome is unknown. */
  | { readonly type: "save-failed"; readonly message: string; readonly refused: boolean }
  /** What people set on these jobs; unknown ones are remembered until their first fact. */
  | { readonly type: "configure"; readonly settings: readonly JobSettings[] }
  /** All calendars, replacing those known. */
  | { readonly type: "calendars"; readonly calendars: readonly Calendar[] }
  /** Blind intervals; each replaces the one with its id. */
  | { readonly type: "blind"; readonly intervals: readonly BlindInterval[] }
  /** A source was heard of, in whatever partition. */
  | { readonly type: "contact"; readonly sourceId: string; readonly at: number }
  /** A rename moved runs: what each of these jobs has in the store now, newest first; null: it is part of another. */
  | {
      readonly type: "reload";
      readonly jobs: readonly {
        readonly jobId: string;
        readonly newestRuns: readonly string[] | null;
      }[];
    }
  /** Read to the end, save everything, answer `stopped`. */
  | { readonly type: "stop" };

/**
 * What a shard's thread is told beside: loading broke off and begins again. A new shard takes the place of the one that was
 * given a part already, so that nothing is in it twice.
 */
export interface Anew {
  readonly type: "anew";
}

/** What a shard says to the main thread. */
export type FromShard =
  | { readonly type: "ready" }
  | { readonly type: "rows"; readonly rows: readonly BoardChange[] }
  /** At most one is unanswered at any time. */
  | { readonly type: "piece"; readonly piece: Piece }
  /** It has read to the end of the journal that `start` named: the board is complete. */
  | { readonly type: "caught-up"; readonly stats: ShardStats }
  | { readonly type: "stats"; readonly stats: ShardStats }
  | { readonly type: "dead-letter"; readonly letter: DeadLetter }
  | { readonly type: "lost"; readonly partitions: readonly number[] }
  /** These journal rows cannot be read; the others go on. Said again after every restart. */
  | { readonly type: "damaged"; readonly damage: JournalDamage }
  | { readonly type: "stopped" };

export interface ShardStats {
  readonly shard: number;
  readonly position: number;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly factsApplied: number;
  /** Runs under way, by source. */
  readonly openRuns: Readonly<Record<string, number>>;
  /** Facts kept or refused as letters since it started. */
  readonly deadLetters: number;
  readonly quarantinedJobs: number;
  /** Why the journal cannot be read for now, as SQLite's code; null: it can. */
  readonly journalTrouble: string | null;
}

/** A fact the engine could not apply. It stays visible; the others go on. */
export interface DeadLetter {
  readonly sourceId: string;
  readonly contract: string;
  readonly receivedAt: number;
  readonly position: number;
  readonly reason: string;
}
