import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { writeTeamOnce } from "./row-writers.ts";
import { checkedTeam } from "./names.ts";

/** Makes the team unless its id exists (two spellings of one id are one team); answers its id. */
export async function ensureTeam(
  tx: Kysely<Database>,
  field: string,
  name: string,
  now: number,
): Promise<string> {
  const team = checkedTeam(field, name);
  await writeTeamOnce.write(tx, { team_id: team.teamId, name: team.name, created_at: now });
  return team.teamId;
}
