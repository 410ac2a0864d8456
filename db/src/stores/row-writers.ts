import { rowWriter, type RowWriter } from "../dialects/upsert.ts";
import type { JobAliasTable, JobStateTable, JobTable } from "../schema/job-tables.ts";
import type { DeadLetterTable } from "../schema/letter-tables.ts";
import type { LineageNoteTable } from "../schema/lineage-tables.ts";
import type { TeamTable } from "../schema/people-tables.ts";
import type { JobRunTable, RunTransitionTable } from "../schema/run-tables.ts";
import type { PartitionOwnerTable, StoreMetaTable } from "../schema/service-tables.ts";

export const writeMetaOnce: RowWriter<StoreMetaTable> = rowWriter("store_meta", ["meta_key"], {
  meta_key: "keep",
  text_value: "keep",
  int_value: "keep",
});

export const writePartition: RowWriter<PartitionOwnerTable> = rowWriter(
  "partition_owner",
  ["partition_no"],
  { partition_no: "keep", term: "larger", mark_position: "larger", saved_position: "larger" },
);

export const writeTeamOnce: RowWriter<TeamTable> = rowWriter("team", ["team_id"], {
  team_id: "keep",
  name: "keep",
  created_at: "keep",
});

/** What people set (tier, names, runbook, lifecycle …) is never overwritten by facts. */
export const writeJob: RowWriter<JobTable> = rowWriter("job", ["job_id"], {
  job_id: "keep",
  source_id: "keep",
  namespace: "keep",
  name: "keep",
  environment: "replace",
  tier: "keep",
  owner_team_id: { unlessSet: "owned_since" },
  owned_since: "keep",
  business_name: "keep",
  runbook_url: "keep",
  first_step: "keep",
  cadence: "keep",
  lifecycle: "keep",
  calendar_id: "keep",
  free_day_rule: "keep",
  resume_from: "keep",
  first_seen_at: "smaller",
  last_seen_at: "larger",
  monitored: "keep",
  settings_version: "keep",
  retired_from: "keep",
});

export const writeAlias: RowWriter<JobAliasTable> = rowWriter("job_alias", ["alias_id"], {
  alias_id: "keep",
  job_id: "keep",
  source_id: "keep",
  namespace: "keep",
  name: "keep",
  valid_from: "smaller",
  valid_to: "keep",
  aliased_at: "keep",
});

export const writeJobState: RowWriter<JobStateTable> = rowWriter("job_state", ["job_id"], {
  job_id: "keep",
  partition_no: "replace",
  term: "replace",
  state: "replace",
  saved_position: "replace",
});

export const writeRun: RowWriter<JobRunTable> = rowWriter("job_run", ["execution_id"], {
  execution_id: "keep",
  job_id: "keep",
  run_key: "keep",
  state: "replace",
  instance_key: "replace",
  attempt: "replace",
  restarted_from: "replace",
  cleared_by: "replace",
  business_date: "replace",
  business_date_origin: "replace",
  trigger_kind: "replace",
  maintenance_id: "keep",
  time_quality: "replace",
  host: "replace",
  app_version: "replace",
  parent_execution_id: "replace",
  nominal_at: "replace",
  started_at: "replace",
  ended_at: "replace",
  duration_ms: "replace",
  last_fact_at: "replace",
  ordered_at: "replace",
  read_count: "replace",
  written_count: "replace",
  skipped_count: "replace",
  message: "replace",
  summary: "replace",
});

export const writeTransition: RowWriter<RunTransitionTable> = rowWriter(
  "run_transition",
  ["execution_id", "fact_id"],
  {
    execution_id: "keep",
    fact_id: "keep",
    kind: "keep",
    stage: "keep",
    occurred_at: "keep",
    received_at: "smaller",
    source_id: "keep",
    contract: "keep",
  },
);

export const writeLetterOnce: RowWriter<DeadLetterTable> = rowWriter("dead_letter", ["letter_id"], {
  letter_id: "keep",
  job_id: "keep",
  partition_no: "keep",
  source_id: "keep",
  contract: "keep",
  received_at: "keep",
  reason: "keep",
  body: "keep",
});

export const writeNoteOnce: RowWriter<LineageNoteTable> = rowWriter("lineage_note", ["note_id"], {
  note_id: "keep",
  subject: "keep",
  namespace: "keep",
  name: "keep",
  occurred_at: "keep",
  received_at: "keep",
  source_id: "keep",
  body: "keep",
});
