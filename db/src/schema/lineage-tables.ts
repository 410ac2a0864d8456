import type { DatasetUse } from "@batchwatch/engine";

/** A statement about a job or dataset outside any run, masked, as it came. */
export interface LineageNoteTable {
  readonly note_id: string;
  readonly subject: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly occurred_at: number;
  readonly received_at: number;
  readonly source_id: string;
  readonly body: string;
}

/** A dataset that a job reads or writes. Names are longer than an index takes everywhere, so they are found by hash. */
export interface JobDatasetTable {
  readonly job_id: string;
  readonly direction: DatasetUse["direction"];
  readonly dataset_key: string;
  readonly dataset: string;
  /** When the run in which it was met first was heard of last. */
  readonly met_at: number;
}
