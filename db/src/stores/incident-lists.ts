import type { Incident, IncidentListFilter, IncidentStore, Page, Scope } from "@batchwatch/engine";
import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { incidentOf } from "./incident-rows.ts";
import { ofTeams } from "./of-teams.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";

/** Where an incident stands in a list: newest first, by `opened_at`, then id. */
interface Place {
  readonly incident_id: string;
  readonly opened_at: number;
}

export async function listIncidents(
  tx: Kysely<Database>,
  ...[scope, filter, limit, cursor]: Parameters<IncidentStore["list"]>
): Promise<Page<Incident>> {
  const after = cursor === null ? null : decodeCursor("incidents", "number", cursor);
  if (scope.teamIds.length === 0 || filter.states?.length === 0) return EMPTY_PAGE;
  const size = pageSize(limit);
  const places = await placesOf(tx, scope, filter, after, size + 1);
  const page = pageOf(places, size, "incidents", positionOf, (place) => place.incident_id);
  return { ...page, items: await incidentsById(tx, page.items) };
}

/** Resolved ones of the job that were opened before this one. */
export async function incidentsBefore(
  tx: Kysely<Database>,
  jobId: string,
  incidentId: string,
  limit: number,
): Promise<readonly Incident[]> {
  const one = await tx
    .selectFrom("incident")
    .select(["incident_id", "opened_at"])
    .where("incident_id", "=", incidentId)
    .executeTakeFirst();
  if (one === undefined) return [];
  const scope = { teamIds: "all", payload: true } as const;
  const filter = { jobId, states: ["RESOLVED"] } as const;
  const places = await placesOf(tx, scope, filter, positionOf(one), pageSize(limit));
  return incidentsById(
    tx,
    places.map((place) => place.incident_id),
  );
}

/** Those of one job are found by its members' rows, which lie in the order of the list. */
async function placesOf(
  tx: Kysely<Database>,
  scope: Scope,
  { jobId, states }: IncidentListFilter,
  after: Position<number> | null,
  limit: number,
): Promise<readonly Place[]> {
  const table = jobId === undefined ? "i" : "own";
  const id = sql<string>`${sql.ref(`${table}.incident_id`)}`;
  const openedAt = sql<number>`${sql.ref(`${table}.opened_at`)}`;
  let query = tx
    .selectFrom("incident as i")
    .$if(jobId !== undefined, (all) =>
      all
        .innerJoin("incident_member as own", "own.incident_id", "i.incident_id")
        .where("own.job_id", "=", jobId ?? "")
        .distinct(),
    )
    .select([id.as("incident_id"), openedAt.as("opened_at")])
    .orderBy(openedAt, "desc")
    .orderBy(id, "desc")
    .limit(limit);
  query = query.where(
    scope.teamIds === "all" ? ofTeams("i.team_id", scope) : concerns(tx, scope.teamIds),
  );
  if (states !== undefined) query = query.where(inList("i.state", states));
  if (after !== null) {
    query = query
      .where(openedAt, "<=", after.sort)
      .where((eb) => eb.or([eb(openedAt, "<", after.sort), eb(id, "<", after.id)]));
  }
  return query.execute();
}

/** The incident or one of its members is one of these teams'. */
function concerns(tx: Kysely<Database>, teamIds: readonly string[]): RawBuilder<SqlBool> {
  const members = tx
    .selectFrom("incident_member as m")
    .select("m.alert_id")
    .where(sql.ref("m.incident_id"), "=", sql.ref("i.incident_id"))
    .where(inList("m.team_id", teamIds));
  return sql<SqlBool>`(${inList("i.team_id", teamIds)} or exists ${members})`;
}

/** Bodies are read of what is shown only. */
async function incidentsById(
  tx: Kysely<Database>,
  incidentIds: readonly string[],
): Promise<readonly Incident[]> {
  if (incidentIds.length === 0) return [];
  const rows = await tx
    .selectFrom("incident")
    .select(["incident_id", "body"])
    .where(inList("incident_id", incidentIds))
    .execute();
  const found = new Map(rows.map((row) => [row.incident_id, incidentOf(row)]));
  return incidentIds.flatMap((id) => found.get(id) ?? []);
}

function positionOf(place: Place): Position<number> {
  return { sort: place.opened_at, id: place.incident_id };
}
