import {
  SERVICE_TEAM_ID,
  StoreError,
  type IdentityStore,
  type Role,
  type User,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { accessMethods } from "./access-store.ts";
import { readIdentityVersion, bumpIdentity } from "./identity-version.ts";
import { checkedName } from "./names.ts";
import { newId } from "./new-id.ts";
import { ensureTeam } from "./people-rows.ts";

const writeUserOnce = rowWriter("app_user", ["name"], {
  user_id: "keep",
  name: "keep",
  role: "keep",
  created_at: "keep",
  last_sign_in_at: "keep",
  let_in_by: "keep",
});
const writeMember = rowWriter("app_user_team", ["user_id", "team_id"], {
  user_id: "keep",
  team_id: "keep",
});

export function identityStore(db: Kysely<Database>, trail: AuditTrail): IdentityStore {
  return {
    ...accessMethods(db, trail),
    version: () => readIdentityVersion(db),
    users: () => db.transaction().execute(readUsers),
    addUser: (name, role, teamNames, now) =>
      db.transaction().execute((tx) => addUser(tx, name, role, teamNames, now)),
    async teams() {
      const rows = await db
        .selectFrom("team")
        .select(["team_id", "name"])
        .where("team_id", "<>", SERVICE_TEAM_ID)
        .orderBy("name")
        .orderBy("team_id")
        .execute();
      return rows.map((row) => ({ teamId: row.team_id, name: row.name }));
    },
  };
}

/** Everybody, with their teams. */
export async function readUsers(tx: Kysely<Database>): Promise<readonly User[]> {
  const users = await tx.selectFrom("app_user").selectAll().orderBy("name").execute();
  const members = await tx
    .selectFrom("app_user_team")
    .selectAll()
    .orderBy("user_id")
    .orderBy("team_id")
    .execute();
  const teamsOf = new Map<string, string[]>();
  for (const { user_id, team_id } of members) {
    const teams = teamsOf.get(user_id);
    if (teams === undefined) teamsOf.set(user_id, [team_id]);
    else teams.push(team_id);
  }
  return users.map((row) => ({
    userId: row.user_id,
    name: row.name,
    role: row.role,
    teamIds: teamsOf.get(row.user_id) ?? [],
    ...(row.let_in_by === null ? {} : { letInBy: row.let_in_by }),
  }));
}

/** @param userId a new one, unless it was given to whoever asked for the user */
export async function addUser(
  tx: Kysely<Database>,
  givenName: string,
  role: Role,
  teamNames: readonly string[],
  now: number,
  userId: string = newId(now),
): Promise<User> {
  const name = checkedName("name", givenName);
  const added = await writeUserOnce.write(tx, {
    user_id: userId,
    name,
    role,
    created_at: now,
    last_sign_in_at: null,
    let_in_by: null,
  });
  if (added === 0) {
    throw new StoreError("name_taken", `name: a user "${name}" exists; choose another name.`);
  }
  const teamIds = await joinTeams(tx, userId, teamNames, now);
  await bumpIdentity(tx);
  return { userId, name, role, teamIds };
}

/** Makes the person a member of these teams, beside those they are in already. */
export async function joinTeams(
  tx: Kysely<Database>,
  userId: string,
  teamNames: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const teamIds = new Set<string>();
  for (const teamName of teamNames) teamIds.add(await ensureTeam(tx, "teams", teamName, now));
  for (const teamId of teamIds) await writeMember.write(tx, { user_id: userId, team_id: teamId });
  return [...teamIds].sort();
}
