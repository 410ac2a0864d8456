/** An accepted fact that could not be applied or saved, masked, until its job is released. */
export interface DeadLetterTable {
  readonly letter_id: string;
  /** Null where the record could not be read. */
  readonly job_id: string | null;
  readonly partition_no: number;
  readonly source_id: string;
  readonly contract: string;
  readonly received_at: number;
  readonly reason: string | null;
  readonly body: string;
}
