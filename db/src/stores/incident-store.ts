import {
  LIMITS,
  type CommandAnswer,
  type IncidentEvent,
  type IncidentStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { doneCommand } from "./command-once.ts";
import { commandKeyOf, commitIncidents } from "./commit-incidents.ts";
import { incidentsBefore, listIncidents } from "./incident-lists.ts";
import { eventOf, incidentOf } from "./incident-rows.ts";
import { downstreamOf, upstreamOf } from "./job-datasets.ts";

export function incidentStore(db: Kysely<Database>, trail: AuditTrail): IncidentStore {
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
    commit: (changes) => db.transaction().execute((tx) => commitIncidents(tx, trail, changes)),
    async answered(command) {
      const answer = await doneCommand(db, commandKeyOf(command));
      return answer === null ? null : answerIn(answer);
    },
    list: (scope, filter, limit, cursor) =>
      db.transaction().execute((tx) => listIncidents(tx, scope, filter, limit, cursor)),
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
    upstream: (jobIds) => upstreamOf(db, jobIds),
    downstream: (jobId) => downstreamOf(db, jobId),
  };
}

/** One that was kept by an earlier version does not say how the incident ended. */
function answerIn(text: string): CommandAnswer {
  const answer = JSON.parse(text) as Omit<CommandAnswer, "resolution" | "mergedInto">;
  return { resolution: null, mergedInto: null, ...answer };
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
