/** Single facts about the store itself: its id, and counters. */
export interface StoreMetaTable {
  readonly meta_key: string;
  readonly text_value: string | null;
  readonly int_value: number | null;
}

/** Who may write a partition (`term`), and up to which journal position it is saved: all of it, and the furthest job of it. */
export interface PartitionOwnerTable {
  readonly partition_no: number;
  readonly term: number;
  readonly mark_position: number;
  readonly saved_position: number;
}
