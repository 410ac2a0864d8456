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
