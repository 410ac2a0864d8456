import { type Environment, type JobSave, NEW_JOB } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { JobAliasTable, JobStateTable, JobTable } from "../schema/job-tables.ts";
import type { TeamTable } from "../schema/people-tables.ts";
import { bumpIdentity } from "./identity-version.ts";
import { writeAlias, writeJob, writeJobState, writeTeamOnce } from "./row-writers.ts";

/** Job and state of a unit, with the partition that they are in and the position up to which they go. */
export interface PlacedJob {
  readonly job: JobSave;
  readonly partition: number;
  readonly position: number;
}

/** Inserts or merges jobs with their own names as aliases, their owner teams and their states. */
export async function saveJobs(
  tx: Kysely<Database>,
  placed: readonly PlacedJob[],
  term: number,
): Promise<void> {
  if (placed.length === 0) return;
  const jobs = placed.map(({ job }) => job);
  if ((await writeTeamOnce.writeAll(tx, teamsOf(jobs))) > 0) await bumpIdentity(tx);
  const environments = await environmentsOf(tx, jobs);
  await writeJob.writeAll(
    tx,
    jobs.map((job) => jobRowOf(job, environments.get(job.sourceId) ?? NEW_JOB.environment)),
  );
  await writeAlias.writeAll(tx, jobs.map(aliasRowOf));
  await writeJobState.writeAll(
    tx,
    placed.map((one) => stateRowOf(one, term)),
  );
}

function teamsOf(jobs: readonly JobSave[]): readonly TeamTable[] {
  const teams = new Map<string, TeamTable>();
  for (const { ownerTeamId, firstSeenAt } of jobs) {
    if (teams.has(ownerTeamId)) continue;
    teams.set(ownerTeamId, { team_id: ownerTeamId, name: ownerTeamId, created_at: firstSeenAt });
  }
  return [...teams.values()];
}

function jobRowOf(job: JobSave, environment: Environment): JobTable {
  const { jobId, sourceId, namespace, name, ownerTeamId, firstSeenAt, lastSeenAt } = job;
  return {
    job_id: jobId,
    source_id: sourceId,
    namespace,
    name,
    environment,
    tier: NEW_JOB.tier,
    owner_team_id: ownerTeamId,
    owned_since: NEW_JOB.ownedSince,
    business_name: NEW_JOB.businessName,
    runbook_url: NEW_JOB.runbookUrl,
    first_step: NEW_JOB.firstStep,
    cadence: NEW_JOB.cadence,
    lifecycle: NEW_JOB.lifecycle,
    calendar_id: NEW_JOB.calendarId,
    free_day_rule: NEW_JOB.freeDayRule,
    resume_from: NEW_JOB.resumeFrom,
    first_seen_at: firstSeenAt,
    last_seen_at: lastSeenAt,
    monitored: 1,
    settings_version: 0,
    retired_from: null,
  };
}

function aliasRowOf({ jobId, sourceId, namespace, name, firstSeenAt }: JobSave): JobAliasTable {
  return {
    alias_id: jobId,
    job_id: jobId,
    source_id: sourceId,
    namespace,
    name,
    valid_from: firstSeenAt,
    valid_to: null,
    aliased_at: null,
  };
}

function stateRowOf({ job, partition, position }: PlacedJob, term: number): JobStateTable {
  const { jobId, state } = job;
  return { job_id: jobId, partition_no: partition, term, state, saved_position: position };
}

/** A job lives where its source does; a source nobody configured is not among these. */
async function environmentsOf(
  tx: Kysely<Database>,
  jobs: readonly JobSave[],
): Promise<ReadonlyMap<string, Environment>> {
  const sourceIds = new Set(jobs.map(({ sourceId }) => sourceId));
  const rows = await environmentsOfSources(tx, padded([...sourceIds]));
  return new Map(rows.map((row) => [row.source_id, row.environment]));
}

const environmentsOfSources = fixedQuery((db, sourceIds: readonly string[]) =>
  db
    .selectFrom("source")
    .select(["source_id", "environment"])
    .where(inList("source_id", sourceIds)),
);
