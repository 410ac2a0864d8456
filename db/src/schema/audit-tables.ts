import type { AuditAction, AuditActorKind } from "@batchwatch/engine";

/** Only ever added to: triggers refuse every change and removal. `detail` is JSON, its keys sorted. */
export interface AuditRecordTable {
  readonly seq: number;
  readonly happened_at: number;
  readonly actor_kind: AuditActorKind;
  readonly actor_id: string;
  readonly action: AuditAction;
  readonly subject_kind: string | null;
  readonly subject_id: string | null;
  readonly team_id: string | null;
  readonly detail: string;
  readonly mac: string;
}

/** Where the kept records begin: the row with the highest `seq`; one more each time that retention removes some. */
export interface AuditAnchorTable {
  readonly seq: number;
  readonly mac: string;
  readonly removed_at: number;
  readonly seal: string;
}
