import { actorOf, LIMITS, StoreError, type ReceiverStore, type Webhook } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { WebhookTable } from "../schema/receiver-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { bumpIdentity } from "./identity-version.ts";
import { checkedName } from "./names.ts";
import { subscriptionMethods } from "./subscription-store.ts";

const writeWebhookOnce = rowWriter("webhook", ["name"], {
  webhook_id: "keep",
  name: "keep",
  url: "keep",
  sealed_secret: "keep",
  team_id: "keep",
  created_at: "keep",
});
const writeSecretOnce = rowWriter("sealed_secret", ["name"], { name: "keep", sealed: "keep" });

/** Who can be told. Every change moves the identity version, so that other processes notice. */
export function receiverStore(db: Kysely<Database>, trail: AuditTrail): ReceiverStore {
  return {
    ...subscriptionMethods(db, trail),
    async webhooks() {
      const rows = await db.selectFrom("webhook").selectAll().orderBy("name").execute();
      return rows.map(webhookOf);
    },
    addWebhook: (webhook) => db.transaction().execute((tx) => addWebhook(tx, webhook)),
    removeWebhook: (name) =>
      db.transaction().execute(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom("webhook")
          .where("name", "=", name.trim())
          .executeTakeFirst();
        if (numDeletedRows > 0n) await bumpIdentity(tx);
        return numDeletedRows > 0n;
      }),
    async oncall() {
      const rows = await db
        .selectFrom("oncall_person")
        .select(["team_id", "user_id"])
        .orderBy("team_id")
        .orderBy("position")
        .execute();
      const lists = new Map<string, string[]>();
      for (const { team_id, user_id } of rows) {
        const list = lists.get(team_id);
        if (list === undefined) lists.set(team_id, [user_id]);
        else list.push(user_id);
      }
      return Array.from(lists, ([teamId, userIds]) => ({ teamId, userIds }));
    },
    setOncall: (teamId, userIds, by, now) =>
      db.transaction().execute(async (tx) => {
        const people = await setOncall(tx, teamId, userIds, now);
        await trail.append(tx, [
          {
            at: now,
            ...actorOf(by),
            action: "oncall-set",
            subjectKind: "team",
            subjectId: teamId,
            teamId,
            detail: { people: people.length, users: people.join(" ") },
          },
        ]);
      }),
    async secret(name, sealedIfNone) {
      return (await readSecret(db, name)) ?? makeSecret(db, name, sealedIfNone);
    },
    setPaging: (sourceId, mode) => db.transaction().execute((tx) => setPaging(tx, sourceId, mode)),
  };
}

async function addWebhook(tx: Kysely<Database>, webhook: Webhook): Promise<void> {
  const name = checkedName("name", webhook.name);
  if (webhook.teamId !== null && !(await isTeam(tx, webhook.teamId))) {
    throw new StoreError("unknown_team", `teamId: there is no team "${webhook.teamId}".`);
  }
  const added = await writeWebhookOnce.write(tx, {
    webhook_id: webhook.webhookId,
    name,
    url: webhook.url,
    sealed_secret: webhook.sealedSecret,
    team_id: webhook.teamId,
    created_at: webhook.createdAt,
  });
  if (added === 0) {
    throw new StoreError("name_taken", `name: a webhook "${name}" exists; choose another name.`);
  }
  const counted = await tx
    .selectFrom("webhook")
    .select((eb) => eb.fn.countAll().as("rows"))
    .executeTakeFirstOrThrow();
  if (Number(counted.rows) > LIMITS.webhooks) {
    throw new StoreError(
      "too_many",
      `name: there are ${LIMITS.webhooks} webhooks, which is the most; remove one first.`,
    );
  }
  await bumpIdentity(tx);
}

async function setOncall(
  tx: Kysely<Database>,
  teamId: string,
  userIds: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const people = [...new Set(userIds)];
  if (people.length > LIMITS.oncallPeople) {
    throw new StoreError(
      "too_many",
      `userIds: ${people.length} people; a list holds at most ${LIMITS.oncallPeople}.`,
    );
  }
  if (!(await isTeam(tx, teamId))) {
    throw new StoreError("not_found", `teamId: there is no team "${teamId}".`);
  }
  await requireUsers(tx, people);
  await tx.deleteFrom("oncall_person").where("team_id", "=", teamId).execute();
  for (const [position, user_id] of people.entries()) {
    await tx
      .insertInto("oncall_person")
      .values({ team_id: teamId, position, user_id, listed_at: now })
      .execute();
  }
  await bumpIdentity(tx);
  return people;
}

async function isTeam(tx: Kysely<Database>, teamId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("team")
    .select("team_id")
    .where("team_id", "=", teamId)
    .executeTakeFirst();
  return row !== undefined;
}

async function requireUsers(tx: Kysely<Database>, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const rows = await tx
    .selectFrom("app_user")
    .select("user_id")
    .where(inList("user_id", userIds))
    .execute();
  const known = new Set(rows.map((row) => row.user_id));
  const unknown = userIds.find((userId) => !known.has(userId));
  if (unknown === undefined) return;
  throw new StoreError("unknown_user", `userIds: there is no user "${unknown}".`);
}

export async function setPaging(
  tx: Kysely<Database>,
  sourceId: string,
  mode: "WATCHING" | "PAGING",
): Promise<void> {
  const row = await tx
    .selectFrom("source")
    .select("paging_mode")
    .where("source_id", "=", sourceId)
    .executeTakeFirst();
  if (row === undefined) {
    throw new StoreError("not_found", `sourceId: no source has id "${sourceId}".`);
  }
  if (row.paging_mode === mode) return;
  await tx
    .updateTable("source")
    .set({ paging_mode: mode })
    .where("source_id", "=", sourceId)
    .execute();
  await bumpIdentity(tx);
}

async function readSecret(db: Kysely<Database>, name: string): Promise<string | null> {
  const row = await db
    .selectFrom("sealed_secret")
    .select("sealed")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.sealed ?? null;
}

/** Of two that make it at once the first one's stays, and both get that. */
function makeSecret(db: Kysely<Database>, name: string, sealed: string): Promise<string> {
  return db.transaction().execute(async (tx) => {
    if ((await writeSecretOnce.write(tx, { name, sealed })) > 0) await bumpIdentity(tx);
    return (await readSecret(tx, name)) ?? sealed;
  });
}

function webhookOf(row: WebhookTable): Webhook {
  return {
    webhookId: row.webhook_id,
    name: row.name,
    url: row.url,
    sealedSecret: row.sealed_secret,
    teamId: row.team_id,
    createdAt: row.created_at,
  };
}
