import type { Job } from "@batchwatch/engine";

export interface JobTable {
  readonly job_id: string;
  readonly source_id: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly environment: Job["environment"];
  readonly tier: Job["tier"];
  readonly owner_team_id: string;
  /** Set when a person gave the owner; while null, facts may change it. */
  readonly owned_since: number | null;
  readonly business_name: string | null;
  readonly runbook_url: string | null;
  readonly first_step: string | null;
  readonly cadence: string | null;
  readonly lifecycle: Job["lifecycle"];
  readonly calendar_id: string | null;
  readonly free_day_rule: Job["freeDayRule"];
  readonly resume_from: Job["resumeFrom"];
  readonly first_seen_at: number;
  readonly last_seen_at: number;
  /** 0: kept, but without clocks and signals. */
  readonly monitored: number;
  /** Version of the settings when a person last changed this job; 0: nobody did. */
  readonly settings_version: number;
  /** Nothing is expected from this instant on; `lifecycle` follows when it has come. */
  readonly retired_from: number | null;
}

/** A name a job is or was known by. `alias_id` is the id computed from that name at the door. */
export interface JobAliasTable {
  readonly alias_id: string;
  readonly job_id: string;
  readonly source_id: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
  /** When a rename made this name lead to the job; null for the name that the job's id was made of. */
  readonly aliased_at: number | null;
}

/** The actor's versioned state, written whole and never looked into. */
export interface JobStateTable {
  readonly job_id: string;
  readonly partition_no: number;
  readonly term: number;
  readonly state: string;
  /** All that the journal says of the job up to here is saved. */
  readonly saved_position: number;
}
