import type { IncidentEventKind, IncidentState } from "@batchwatch/engine";

/** What incidents are found by; everything that they are is in `body`. */
export interface IncidentTable {
  readonly incident_id: string;
  readonly version: number;
  readonly state: IncidentState;
  /** Hash of the group key while it is not resolved, then null: so that at most one of a group is open. */
  readonly open_group_key: string | null;
  readonly team_id: string;
  readonly opened_at: number;
  /** JSON of the incident with its members. */
  readonly body: string;
}

/** What the members of an incident are found by. A row stays when its job becomes part of another one, under that one's id. */
export interface IncidentMemberTable {
  readonly incident_id: string;
  readonly alert_id: string;
  readonly job_id: string | null;
  readonly team_id: string;
  /** The incident's, so that those of one job are read in order. */
  readonly opened_at: number;
}

/** A line of the timeline; `version` and `position` are the commit's order, for lines of one instant. */
export interface IncidentEventTable {
  readonly event_id: string;
  readonly incident_id: string;
  readonly version: number;
  readonly position: number;
  readonly happened_at: number;
  readonly kind: IncidentEventKind;
  /** Null: Batchwatch itself. */
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly event_text: string | null;
}
