import type { Job, JobListFilter, JobStore, Page, Scope, StoredJobState } from "@batchwatch/engine";
import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { JobTable } from "../schema/job-tables.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { runMethods } from "./load-runs.ts";
import { ofTeams } from "./of-teams.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";

/** Jobs are listed by name, then id. */
export function jobStore(db: Kysely<Database>): JobStore {
  return {
    loadStates: (partitions, afterJobId) => loadStates(db, partitions, afterJobId),
    ...runMethods(db),
    list: (scope, filter, limit, cursor) => listJobs(db, scope, filter, limit, cursor),
    async get(jobId) {
      const row = (await jobById(db, jobId)) ?? (await jobByAlias(db, jobId));
      return row === undefined ? null : jobOf(row);
    },
    async countBySource() {
      const rows = await db
        .selectFrom("job")
        .select(["source_id", (eb) => eb.fn.countAll().as("jobs")])
        .groupBy("source_id")
        .orderBy("source_id")
        .execute();
      return rows.map((row) => ({ sourceId: row.source_id, jobs: Number(row.jobs) }));
    },
    async idsOfSource(sourceId, afterJobId) {
      const rows = await db
        .selectFrom("job")
        .select("job_id")
        .where("source_id", "=", sourceId)
        .where("job_id", ">", afterJobId ?? "")
        .orderBy("job_id")
        .limit(DB_LIMITS.idPage)
        .execute();
      return rows.map((row) => row.job_id);
    },
  };
}

/**
 * Walks the primary key and passes over other partitions: an index that began with the partition
 * would sort everything that is left again for each page.
 */
async function loadStates(
  db: Kysely<Database>,
  partitions: readonly number[],
  afterJobId: string | null,
): Promise<readonly StoredJobState[]> {
  if (partitions.length === 0) return [];
  const rows = await db
    .selectFrom("job_state as s")
    .innerJoin("job as j", "j.job_id", "s.job_id")
    .selectAll("j")
    .select(["s.partition_no", "s.state", "s.saved_position"])
    .where(inList("s.partition_no", partitions))
    .where("s.job_id", ">", afterJobId ?? "")
    .orderBy("s.job_id")
    .limit(DB_LIMITS.statePage)
    .execute();
  return rows.map((row) => ({
    job: jobOf(row),
    partition: row.partition_no,
    state: row.state,
    position: row.saved_position,
  }));
}

function jobById(db: Kysely<Database>, jobId: string): Promise<JobTable | undefined> {
  return db.selectFrom("job").selectAll().where("job_id", "=", jobId).executeTakeFirst();
}

/** The job that a removed one became part of: its address still leads somewhere. */
function jobByAlias(db: Kysely<Database>, aliasId: string): Promise<JobTable | undefined> {
  return db
    .selectFrom("job_alias as a")
    .innerJoin("job as j", "j.job_id", "a.job_id")
    .selectAll("j")
    .where("a.alias_id", "=", aliasId)
    .executeTakeFirst();
}

async function listJobs(
  db: Kysely<Database>,
  scope: Scope,
  filter: JobListFilter,
  limit: number,
  cursor: string | null,
): Promise<Page<Job>> {
  const after = cursor === null ? null : decodeCursor("jobs", "string", cursor);
  if (scope.teamIds !== "all" && scope.teamIds.length === 0) return EMPTY_PAGE;
  const size = pageSize(limit);
  let query = db
    .selectFrom("job")
    .selectAll()
    .orderBy("name")
    .orderBy("job_id")
    .where(ofTeams("owner_team_id", scope))
    .limit(size + 1);
  if (filter.teamId !== undefined) query = query.where("owner_team_id", "=", filter.teamId);
  if (filter.text !== undefined && filter.text !== "") query = query.where(holdsText(filter.text));
  if (after !== null) {
    query = query
      .where("name", ">=", after.sort)
      .where((eb) => eb.or([eb("name", ">", after.sort), eb("job_id", ">", after.id)]));
  }
  return pageOf(await query.execute(), size, "jobs", positionOf, jobOf);
}

/** Name, namespace or business name contains the text, in any case. */
function holdsText(text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const contains = (column: string) =>
    sql<SqlBool>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`;
  return sql<SqlBool>`(${contains("name")} or ${contains("namespace")} or ${contains("business_name")})`;
}

function jobOf(row: JobTable): Job {
  return {
    jobId: row.job_id,
    sourceId: row.source_id,
    namespace: row.namespace ?? "",
    name: row.name,
    environment: row.environment,
    tier: row.tier,
    ownerTeamId: row.owner_team_id,
    ownedSince: row.owned_since,
    businessName: row.business_name,
    runbookUrl: row.runbook_url,
    firstStep: row.first_step,
    cadence: row.cadence,
    lifecycle: row.lifecycle,
    calendarId: row.calendar_id,
    freeDayRule: row.free_day_rule,
    resumeFrom: row.resume_from,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
  };
}

function positionOf(row: JobTable): Position<string> {
  return { sort: row.name, id: row.job_id };
}
