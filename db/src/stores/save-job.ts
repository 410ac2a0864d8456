import type { Environment, JobSave } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { bumpIdentity } from "./identity-version.ts";
import { writeAlias, writeJob, writeJobState, writeTeamOnce } from "./row-writers.ts";

/** Environments of the sources met in one piece. */
export type EnvironmentOf = Map<string, Environment>;

/** Inserts or merges a job with its own name as alias, its owner team and its state. */
export async function saveJob(
  tx: Kysely<Database>,
  job: JobSave,
  partition: number,
  term: number,
  environments: EnvironmentOf,
): Promise<void> {
  const { jobId, sourceId, namespace, name, ownerTeamId, firstSeenAt, lastSeenAt } = job;
  const newTeam = { team_id: ownerTeamId, name: ownerTeamId, created_at: firstSeenAt };
  if ((await writeTeamOnce.write(tx, newTeam)) > 0) await bumpIdentity(tx);
  await writeJob.write(tx, {
    job_id: jobId,
    source_id: sourceId,
    namespace,
    name,
    environment: await environmentOf(tx, sourceId, environments),
    tier: null,
    owner_team_id: ownerTeamId,
    owned_since: null,
    business_name: null,
    runbook_url: null,
    first_step: null,
    cadence: null,
    lifecycle: "WATCHING",
    calendar_id: null,
    free_day_rule: "RUN",
    resume_from: "BEGINNING",
    first_seen_at: firstSeenAt,
    last_seen_at: lastSeenAt,
    monitored: 1,
    settings_version: 0,
    retired_from: null,
  });
  await writeAlias.write(tx, {
    alias_id: jobId,
    job_id: jobId,
    source_id: sourceId,
    namespace,
    name,
    valid_from: firstSeenAt,
    valid_to: null,
    aliased_at: null,
  });
  await writeJobState.write(tx, {
    job_id: jobId,
    partition_no: partition,
    term,
    state: job.state,
  });
}

/** A job lives where its source does; a source nobody configured counts as production. */
async function environmentOf(
  tx: Kysely<Database>,
  sourceId: string,
  known: EnvironmentOf,
): Promise<Environment> {
  const kept = known.get(sourceId);
  if (kept !== undefined) return kept;
  const row = await tx
    .selectFrom("source")
    .select("environment")
    .where("source_id", "=", sourceId)
    .executeTakeFirst();
  const environment = row?.environment ?? "PROD";
  known.set(sourceId, environment);
  return environment;
}
