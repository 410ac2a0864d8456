import type { ChangeKind, ChangeMode, ChangeState, RetainedKind } from "@batchwatch/engine";

export interface ChangeRequestTable {
  /** Sorts by time of the request. */
  readonly request_id: string;
  readonly kind: ChangeKind;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly subject_name: string | null;
  readonly team_id: string | null;
  /** JSON of what is asked for, of what stood before, and of both as text. */
  readonly payload: string;
  readonly standing: string;
  readonly differences: string;
  readonly reason: string | null;
  readonly hash: string;
  /** Kind and subject while it waits or stands under break-glass; unique, so that one does. */
  readonly open_key: string | null;
  readonly state: ChangeState;
  readonly change_mode: ChangeMode;
  readonly requested_by: string;
  /** The user id of whose hands could have asked, at that time. */
  readonly requested_hands: string;
  readonly requested_at: number;
  readonly expires_at: number;
  readonly decided_by: string | null;
  readonly decided_at: number | null;
  readonly decision_note: string | null;
  /** Set while it stands under break-glass. */
  readonly reverts_at: number | null;
  readonly takes_back: string | null;
  readonly reverted_by: string | null;
  readonly collected_at: number | null;
}

/** `kinds` joined by commas. */
export interface MaskingExceptionTable {
  readonly source_id: string;
  readonly field: string;
  readonly kinds: string;
  readonly changed_at: number;
}

export interface RetentionSettingTable {
  readonly what: RetainedKind;
  readonly days: number;
  readonly changed_at: number;
}
