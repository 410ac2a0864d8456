import { SERVICE_TEAM_ID, type Scope } from "@batchwatch/engine";
import { sql, type RawBuilder, type SqlBool } from "kysely";
import { inList } from "../dialects/in-list.ts";

/** What belongs to a team that the scope shows. Batchwatch's own jobs are shown to nobody. Not for a scope without teams. */
export function ofTeams(column: string, { teamIds }: Pick<Scope, "teamIds">): RawBuilder<SqlBool> {
  if (teamIds !== "all") return inList(column, teamIds);
  return sql<SqlBool>`${sql.ref(column)} <> ${SERVICE_TEAM_ID}`;
}
