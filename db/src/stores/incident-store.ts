import {
  LIMITS,
  type CommandAnswer,
  type Incident,
  type IncidentEvent,
  type IncidentStore,
  type Page,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { doneCommand } from "./command-once.ts";
import { commandKeyOf, commitIncidents } from "./commit-incidents.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { eventOf, incidentOf } from "./incident-rows.ts";
import { downstreamOf, upstreamOf } from "./job-datasets.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";

/** Incidents are listed newest first: by `opened_at`, then id. */
export function incidentStore(db: Kysely<Database>): IncidentStore {
  return {
    async open(limit) {
      const rows = await db
        .selectFrom("incident")
        .select("body")
        .where("state", "in", ["OPEN", "ACKNOWLEDGED", "RECOVERING"])
        .orderBy("opened_at")
        .orderBy("incident_id")
        .limit(limit)
        .execute();
      return rows.map(incidentOf);
    },
    async get(incidentId) {
      const row = await db
        .selectFrom("incident")
        .select("body")
        .where("incident_id", "=", incidentId)
        .executeTakeFirst();
      return row === undefined ? null : incidentOf(row);
    },
    commit: (changes) => db.transaction().execute((tx) => commitIncidents(tx, changes)),
    async answered(command) {
      const answer = await doneCommand(db, commandKeyOf(command));
      return answer === null ? null : (JSON.parse(answer) as CommandAnswer);
    },
    list: (scope, filter, limit, cursor) => listIncidents(db, scope, filter, limit, cursor),
    events: (incidentId) => newestEvents(db, incidentId),
    before: (jobId, incidentId, limit) =>
      db.transaction().execute((tx) => incidentsBefore(tx, jobId, incidentId, limit)),
    async runOf(executionId) {
      const row = await db
        .selectFrom("job_run")
        .select(["job_id", "instance_key", "parent_execution_id"])
        .where("execution_id", "=", executionId)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        jobId: row.job_id,
        instanceKey: row.instance_key ?? "",
        parentExecutionId: row.parent_execution_id,
      };
    },
    upstream: (jobId) => upstreamOf(db, jobId),
    downstream: (jobId) => downstreamOf(db, jobId),
  };
}

const COLUMNS = ["i.incident_id", "i.opened_at", "i.body"] as const;

interface ListedRow {
  readonly incident_id: string;
  readonly opened_at: number;
  readonly body: string;
}

async function listIncidents(
  db: Kysely<Database>,
  ...[scope, filter, limit, cursor]: Parameters<IncidentStore["list"]>
): Promise<Page<Incident>> {
  const after = cursor === null ? null : decodeCursor("incidents", "number", cursor);
  const { teamIds } = scope;
  if (teamIds.length === 0 || filter.states?.length === 0) return EMPTY_PAGE;
  const size = pageSize(limit);
  let query = db
    .selectFrom("incident as i")
    .select(COLUMNS)
    .orderBy("i.opened_at", "desc")
    .orderBy("i.incident_id", "desc")
    .limit(size + 1);
  if (teamIds !== "all") {
    query = query.where((eb) =>
      eb.or([
        inList("i.team_id", teamIds),
        eb.exists(
          eb
            .selectFrom("incident_member as m")
            .select("m.alert_id")
            .whereRef("m.incident_id", "=", "i.incident_id")
            .where(inList("m.team_id", teamIds)),
        ),
      ]),
    );
  }
  if (filter.states !== undefined) query = query.where(inList("i.state", filter.states));
  if (filter.jobId !== undefined)
    query = query.where("i.incident_id", "in", ofJob(db, filter.jobId));
  if (after !== null) {
    query = query
      .where("i.opened_at", "<=", after.sort)
      .where((eb) =>
        eb.or([eb("i.opened_at", "<", after.sort), eb("i.incident_id", "<", after.id)]),
      );
  }
  return pageOf(await query.execute(), size, "incidents", positionOf, incidentOf);
}

function ofJob(db: Kysely<Database>, jobId: string) {
  return db.selectFrom("incident_member").select("incident_id").where("job_id", "=", jobId);
}

function positionOf(row: ListedRow): Position<number> {
  return { sort: row.opened_at, id: row.incident_id };
}

async function newestEvents(
  db: Kysely<Database>,
  incidentId: string,
): Promise<readonly IncidentEvent[]> {
  const rows = await db
    .selectFrom("incident_event")
    .selectAll()
    .where("incident_id", "=", incidentId)
    .orderBy("happened_at", "desc")
    .orderBy("version", "desc")
    .orderBy("position", "desc")
    .limit(LIMITS.incidentEvents)
    .execute();
  return rows.toReversed().map(eventOf);
}

async function incidentsBefore(
  tx: Kysely<Database>,
  jobId: string,
  incidentId: string,
  limit: number,
): Promise<readonly Incident[]> {
  const one = await tx
    .selectFrom("incident")
    .select("opened_at")
    .where("incident_id", "=", incidentId)
    .executeTakeFirst();
  if (one === undefined) return [];
  const rows = await tx
    .selectFrom("incident as i")
    .select(COLUMNS)
    .where("i.incident_id", "in", ofJob(tx, jobId))
    .where("i.state", "=", "RESOLVED")
    .where("i.opened_at", "<=", one.opened_at)
    .where((eb) =>
      eb.or([eb("i.opened_at", "<", one.opened_at), eb("i.incident_id", "<", incidentId)]),
    )
    .orderBy("i.opened_at", "desc")
    .orderBy("i.incident_id", "desc")
    .limit(pageSize(limit))
    .execute();
  return rows.map(incidentOf);
}
