import type { ChangeAuthor, JobChange } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { JobTable } from "../schema/job-tables.ts";
import type { JobChangeTable } from "../schema/settings-tables.ts";
import { newId } from "./new-id.ts";
import { pageSize } from "./paging.ts";
import { nextVersion } from "./settings-version.ts";

/** One field's change, as text. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Columns of a job that only people set. */
export type SetColumns = Partial<
  Omit<JobTable, "job_id" | "source_id" | "environment" | "settings_version">
>;

/**
 * Writes the job's columns with the next version of the settings and records what changed.
 * Every change of a job goes through here, so none is unrecorded and none is unnoticed by the shards.
 */
export async function recordChange(
  tx: Kysely<Database>,
  jobId: string,
  columns: SetColumns,
  changes: readonly FieldChange[],
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  const version = await nextVersion(tx, "settings_version");
  await tx
    .updateTable("job")
    .set({ ...columns, settings_version: version })
    .where("job_id", "=", jobId)
    .execute();
  for (const { field, before, after } of changes) {
    await tx
      .insertInto("job_change")
      .values({
        change_id: newId(now),
        job_id: jobId,
        changed_at: now,
        user_id: by.userId,
        user_name: by.name,
        field,
        value_before: before === "" ? null : before,
        value_after: after === "" ? null : after,
      })
      .execute();
  }
}

export async function readChanges(
  db: Kysely<Database>,
  jobId: string,
  limit: number,
): Promise<readonly JobChange[]> {
  const rows = await db
    .selectFrom("job_change")
    .selectAll()
    .where("job_id", "=", jobId)
    .orderBy("change_id", "desc")
    .limit(pageSize(limit))
    .execute();
  return rows.map(changeOf);
}

function changeOf(row: JobChangeTable): JobChange {
  return {
    changeId: row.change_id,
    jobId: row.job_id,
    at: row.changed_at,
    userId: row.user_id,
    userName: row.user_name,
    field: row.field,
    before: row.value_before,
    after: row.value_after,
  };
}
