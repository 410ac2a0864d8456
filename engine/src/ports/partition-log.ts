import type { JournalRecord, PositionedRecord } from "../model/fact.ts";

/** The write side of the journal: one owner, durable before it answers. */
export interface PartitionLog {
  /** Appends all records in one transaction; resolves with the last position once durable. */
  append(records: readonly JournalRecord[]): Promise<number>;
  /** Everything up to `position` is saved in the store and may be removed. */
  truncate(position: number): Promise<void>;
}

/** The read side, as a shard sees it: at least once, in order. */
export interface JournalReader {
  /**
   * Rows that may hold facts of partitions `p` with `p % shardCount === shardIndex`, after `position`, ascending:
   * at most `limit`, and none after those that reach `LIMITS.journalReadBytes`.
   */
  readAfter(
    position: number,
    shardIndex: number,
    shardCount: number,
    limit: number,
  ): PositionedRecord[];
  /** Highest durable position (0 when empty and never written). */
  end(): number;
  close(): void;
}
