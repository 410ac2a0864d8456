import { jobIdOf, StoreError, type ChangeAuthor } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { JobAliasTable } from "../schema/job-tables.ts";
import { recordChange, type FieldChange } from "./change-log.ts";
import { bumpIdentity } from "./identity-version.ts";
import { writeAlias } from "./row-writers.ts";
import { takeDatasets } from "./save-datasets.ts";
import { requireSettings, type SettingsRow } from "./settings-rows.ts";

/** State that no program can read: a shard rebuilds the job from its stored runs (engine/SPEC.md UNIT-7). */
const UNREADABLE_STATE = "{}";

/**
 * Gives the job a new name; the id made of that name becomes an alias of it. A job that lives under the
 * name already is taken in. Aliases always point at a living job, never at another alias.
 */
export async function renameJob(
  tx: Kysely<Database>,
  jobId: string,
  to: { readonly namespace: string; readonly name: string },
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  const job = await requireSettings(tx, jobId);
  if (job.name === to.name && (job.namespace ?? "") === to.namespace) return;
  const aliasId = jobIdOf(job.source_id, to.namespace, to.name);
  const changes: FieldChange[] = [
    {
      field: "name",
      before: shownName(job.namespace, job.name),
      after: shownName(to.namespace, to.name),
    },
  ];
  const other = await takenIn(tx, job, to);
  if (other !== null) {
    changes.push({ field: "joined", before: null, after: await takeIn(tx, job, other, now) });
  }
  await tx
    .updateTable("job_alias")
    .set({ valid_to: now })
    .where("job_id", "=", jobId)
    .where("valid_to", "is", null)
    .execute();
  await pointAlias(tx, {
    alias_id: aliasId,
    job_id: jobId,
    source_id: job.source_id,
    namespace: to.namespace,
    name: to.name,
    valid_from: now,
    valid_to: null,
    aliased_at: now,
  });
  const columns = { namespace: to.namespace === "" ? null : to.namespace, name: to.name };
  await recordChange(tx, jobId, columns, changes, by, now);
  await bumpIdentity(tx);
}

/** The job that lives under the name already and would become part of this one; null: there is none. Fails with `name_taken`. */
export async function takenIn(
  tx: Kysely<Database>,
  job: SettingsRow,
  to: { readonly namespace: string; readonly name: string },
): Promise<SettingsRow | null> {
  const known = await aliasById(tx, jobIdOf(job.source_id, to.namespace, to.name));
  if (known === null || known.job_id === job.job_id) return null;
  const other = await requireSettings(tx, known.job_id);
  refuseTaken(other, to);
  return other;
}

/** Only a job that bears the name now can be taken in: a name of another job's past leads to that job. */
function refuseTaken(other: SettingsRow, to: { namespace: string; name: string }): void {
  if (other.name === to.name && (other.namespace ?? "") === to.namespace) return;
  throw new StoreError(
    "name_taken",
    `name: "${to.name}" is an earlier name of the job ${other.job_id}, now "${other.name}"; choose another name.`,
  );
}

/** Moves the other job's runs, alerts, datasets and names to this one and removes its row. Answers what it was, for the record. */
async function takeIn(
  tx: Kysely<Database>,
  job: SettingsRow,
  other: SettingsRow,
  now: number,
): Promise<string> {
  const seen = await tx
    .selectFrom("job")
    .select((eb) => [eb.fn.min("first_seen_at").as("first"), eb.fn.max("last_seen_at").as("last")])
    .where("job_id", "in", [job.job_id, other.job_id])
    .executeTakeFirstOrThrow();
  const moved = await tx
    .updateTable("job_run")
    .set({ job_id: job.job_id })
    .where("job_id", "=", other.job_id)
    .executeTakeFirst();
  await tx
    .updateTable("job_alias")
    .set({ job_id: job.job_id, aliased_at: now })
    .where("job_id", "=", other.job_id)
    .execute();
  for (const table of ["alert", "incident_member"] as const) {
    await tx
      .updateTable(table)
      .set({ job_id: job.job_id })
      .where("job_id", "=", other.job_id)
      .execute();
  }
  await takeDatasets(tx, job.job_id, other.job_id);
  await tx.deleteFrom("job_state").where("job_id", "=", other.job_id).execute();
  await tx.deleteFrom("job").where("job_id", "=", other.job_id).execute();
  await tx
    .updateTable("job")
    .set({ first_seen_at: seen.first, last_seen_at: seen.last })
    .where("job_id", "=", job.job_id)
    .execute();
  await tx
    .updateTable("job_state")
    .set({ state: UNREADABLE_STATE })
    .where("job_id", "=", job.job_id)
    .execute();
  return `${other.job_id} "${shownName(other.namespace, other.name)}", ${moved.numUpdatedRows} runs`;
}

async function pointAlias(tx: Kysely<Database>, alias: JobAliasTable): Promise<void> {
  await writeAlias.write(tx, alias);
  await tx
    .updateTable("job_alias")
    .set({ job_id: alias.job_id, valid_to: null, aliased_at: alias.aliased_at })
    .where("alias_id", "=", alias.alias_id)
    .execute();
}

async function aliasById(tx: Kysely<Database>, aliasId: string): Promise<JobAliasTable | null> {
  const row = await tx
    .selectFrom("job_alias")
    .selectAll()
    .where("alias_id", "=", aliasId)
    .executeTakeFirst();
  return row ?? null;
}

function shownName(namespace: string | null, name: string): string {
  return namespace === null || namespace === "" ? name : `${namespace}/${name}`;
}
