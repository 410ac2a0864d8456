import { formerName, StoreError, type Role } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AppUserTable } from "../schema/people-tables.ts";
import { joinTeams } from "./identity-store.ts";
import { bumpIdentity } from "./identity-version.ts";

export async function findUser(
  tx: Kysely<Database>,
  by: "user_id" | "name",
  value: string,
): Promise<AppUserTable | null> {
  const row = await tx.selectFrom("app_user").selectAll().where(by, "=", value).executeTakeFirst();
  return row ?? null;
}

/** Fails with `not_found`. */
export async function requireUser(tx: Kysely<Database>, userId: string): Promise<AppUserTable> {
  const row = await findUser(tx, "user_id", userId);
  if (row !== null) return row;
  throw new StoreError("not_found", `userId: no user has id "${userId}".`);
}

/** Their teams' ids, in order. */
export async function teamsOf(tx: Kysely<Database>, userId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("app_user_team")
    .select("team_id")
    .where("user_id", "=", userId)
    .orderBy("team_id")
    .execute();
  return rows.map((row) => row.team_id);
}

/** Somebody must be left who can let others in. Fails with `last_administrator`. */
export async function requireOtherAdministrator(
  tx: Kysely<Database>,
  userId: string,
): Promise<void> {
  const { role } = await requireUser(tx, userId);
  if (role !== "administrator") return;
  const other = await tx
    .selectFrom("app_user")
    .select("user_id")
    .where("role", "=", "administrator")
    .where("user_id", "<>", userId)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) return;
  throw new StoreError(
    "last_administrator",
    "userId: this is the last administrator; make somebody else one first.",
  );
}

/** Role and teams as given, whatever they were. Fails with `not_found` or `last_administrator`. */
export async function changeUser(
  tx: Kysely<Database>,
  userId: string,
  to: { readonly role: Role; readonly teamNames: readonly string[] },
  now: number,
): Promise<void> {
  if (to.role !== "administrator") await requireOtherAdministrator(tx, userId);
  await tx.updateTable("app_user").set({ role: to.role }).where("user_id", "=", userId).execute();
  await tx.deleteFrom("app_user_team").where("user_id", "=", userId).execute();
  await joinTeams(tx, userId, to.teamNames, now);
  await bumpIdentity(tx);
}

/**
 * The person's row goes, and with it, by its references, teams, tokens, sign-in codes, sessions, devices and places on call.
 * What they did stays, under a pseudonym as soon as upkeep has gone through it: that it has to is written down with the removal.
 * Fails with `not_found` or `last_administrator`.
 */
export async function removeUser(
  tx: Kysely<Database>,
  userId: string,
  now: number,
  pseudonym: string = formerName(userId),
): Promise<void> {
  await requireOtherAdministrator(tx, userId);
  const { name } = await requireUser(tx, userId);
  await tx
    .insertInto("erasure")
    .values({ user_id: userId, name, pseudonym, removed_at: now })
    .execute();
  await tx.deleteFrom("app_user").where("user_id", "=", userId).execute();
  await bumpIdentity(tx);
}
