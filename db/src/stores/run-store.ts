import {
  LIMITS,
  type Page,
  type RunDetail,
  type RunListFilter,
  type RunStore,
  type Scope,
  type StoredRun,
} from "@batchwatch/engine";
import type { Kysely, SelectQueryBuilder } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { JobTable } from "../schema/job-tables.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import type { JobRunTable } from "../schema/run-tables.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { ofTeams } from "./of-teams.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";
import { storedRunOf, transitionOf, type ListedRunRow } from "./run-rows.ts";

const LISTED = [
  "r.execution_id",
  "r.job_id",
  "r.run_key",
  "r.state",
  "r.instance_key",
  "r.attempt",
  "r.restarted_from",
  "r.cleared_by",
  "r.business_date",
  "r.business_date_origin",
  "r.trigger_kind",
  "r.time_quality",
  "r.host",
  "r.app_version",
  "r.parent_execution_id",
  "r.nominal_at",
  "r.started_at",
  "r.ended_at",
  "r.duration_ms",
  "r.last_fact_at",
  "r.ordered_at",
  "r.read_count",
  "r.written_count",
  "r.skipped_count",
  "r.message",
  "j.name as job_name",
  "j.namespace as job_namespace",
  "j.owner_team_id",
  "j.source_id as job_source_id",
] as const;

/** Runs are listed newest first: by `ordered_at`, then id. */
export function runStore(db: Kysely<Database>): RunStore {
  return {
    list: (scope, filter, limit, cursor) => listRuns(db, scope, filter, limit, cursor),
    get: (executionId) => db.transaction().execute((tx) => getRun(tx, executionId)),
  };
}

type RunQuery = SelectQueryBuilder<
  Database & { readonly r: JobRunTable; readonly j: JobTable },
  "r" | "j",
  ListedRunRow
>;

function runsNewestFirst(db: Kysely<Database>): RunQuery {
  return db
    .selectFrom("job_run as r")
    .innerJoin("job as j", "j.job_id", "r.job_id")
    .select(LISTED)
    .orderBy("r.ordered_at", "desc")
    .orderBy("r.execution_id", "desc");
}

async function listRuns(
  db: Kysely<Database>,
  scope: Scope,
  filter: RunListFilter,
  limit: number,
  cursor: string | null,
): Promise<Page<StoredRun>> {
  const after = cursor === null ? null : decodeCursor("runs", "number", cursor);
  if (scope.teamIds.length === 0 || filter.states?.length === 0) return EMPTY_PAGE;
  const size = pageSize(limit);
  let query = runsNewestFirst(db)
    .where(ofTeams("j.owner_team_id", scope))
    .limit(size + 1);
  if (filter.jobId !== undefined) query = query.where("r.job_id", "=", filter.jobId);
  if (filter.states !== undefined) query = query.where(inList("r.state", filter.states));
  if (filter.parentExecutionId !== undefined) {
    query = query.where("r.parent_execution_id", "=", filter.parentExecutionId);
  }
  if (after !== null) {
    query = query
      .where("r.ordered_at", "<=", after.sort)
      .where((eb) =>
        eb.or([eb("r.ordered_at", "<", after.sort), eb("r.execution_id", "<", after.id)]),
      );
  }
  return pageOf(await query.execute(), size, "runs", positionOf, storedRunOf);
}

async function getRun(tx: Kysely<Database>, executionId: string): Promise<RunDetail | null> {
  const row = await runsNewestFirst(tx)
    .select("r.summary")
    .where("r.execution_id", "=", executionId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const source = await tx
    .selectFrom("source")
    .select("name")
    .where("source_id", "=", row.job_source_id)
    .executeTakeFirst();
  const transitions = await tx
    .selectFrom("run_transition")
    .selectAll()
    .where("execution_id", "=", executionId)
    .orderBy("occurred_at")
    .orderBy("fact_id")
    .limit(LIMITS.transitionsPerRun)
    .execute();
  const children = await runsNewestFirst(tx)
    .where("r.parent_execution_id", "=", executionId)
    .limit(DB_LIMITS.childrenOfRun)
    .execute();
  return {
    run: storedRunOf(row),
    summary: row.summary,
    transitions: transitions.map(transitionOf),
    children: children.map(storedRunOf),
    parent: await runById(tx, row.parent_execution_id),
    sourceName: source?.name ?? row.job_source_id,
  };
}

async function runById(tx: Kysely<Database>, id: string | null): Promise<StoredRun | null> {
  if (id === null) return null;
  const row = await runsNewestFirst(tx).where("r.execution_id", "=", id).executeTakeFirst();
  return row === undefined ? null : storedRunOf(row);
}

function positionOf(row: ListedRunRow): Position<number> {
  return { sort: row.ordered_at, id: row.execution_id };
}
