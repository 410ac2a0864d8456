import {
  LIMITS,
  StoreError,
  type AuditAction,
  type AuditFact,
  type PushSubscriptionRow,
  type ReceiverStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { PushSubscriptionTable } from "../schema/receiver-tables.ts";
import { bumpIdentity } from "./identity-version.ts";
import { newId } from "./new-id.ts";

type SubscriptionMethods = Pick<
  ReceiverStore,
  "subscriptions" | "subscribe" | "unsubscribe" | "remove" | "trouble" | "sent" | "shown"
>;
type NewSubscription = Parameters<ReceiverStore["subscribe"]>[0];

/** Browsers that can be woken. Their owner's devices are shown from memory elsewhere, so every change moves the version. */
export function subscriptionMethods(db: Kysely<Database>, trail: AuditTrail): SubscriptionMethods {
  const change = (work: (tx: Kysely<Database>) => Promise<boolean>): Promise<boolean> =>
    db.transaction().execute(async (tx) => {
      const changed = await work(tx);
      if (changed) await bumpIdentity(tx);
      return changed;
    });
  return {
    async subscriptions() {
      const rows = await db
        .selectFrom("push_subscription")
        .selectAll()
        .orderBy("created_at")
        .orderBy("subscription_id")
        .execute();
      return rows.map(subscriptionOf);
    },
    subscribe: (subscription) =>
      db.transaction().execute(async (tx) => {
        const row = await subscribe(tx, trail, subscription);
        await bumpIdentity(tx);
        return subscriptionOf(row);
      }),
    unsubscribe: (userId, endpoint, now) =>
      change(async (tx) => {
        const own = await tx
          .selectFrom("push_subscription")
          .select("subscription_id")
          .where("endpoint", "=", endpoint)
          .where("user_id", "=", userId)
          .executeTakeFirst();
        if (own === undefined) return false;
        await tx
          .deleteFrom("push_subscription")
          .where("subscription_id", "=", own.subscription_id)
          .execute();
        await trail.append(tx, [withdrawn(userId, own.subscription_id, "asked", now)]);
        return true;
      }),
    async remove(subscriptionId) {
      await change(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom("push_subscription")
          .where("subscription_id", "=", subscriptionId)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      });
    },
    async trouble(subscriptionId, trouble) {
      await change(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable("push_subscription")
          .set({ trouble })
          .where("subscription_id", "=", subscriptionId)
          .where((eb) =>
            trouble === null
              ? eb("trouble", "is not", null)
              : eb.or([eb("trouble", "is", null), eb("trouble", "<>", trouble)]),
          )
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      });
    },
    async sent(subscriptionId, at) {
      await change((tx) => stamp(tx, "last_sent_at", subscriptionId, at));
    },
    async shown(subscriptionId, at) {
      await change((tx) => stampShown(tx, subscriptionId, at));
    },
  };
}

/** Whether it is the newest showing known of this browser. */
export function stampShown(
  tx: Kysely<Database>,
  subscriptionId: string,
  at: number,
): Promise<boolean> {
  return stamp(tx, "last_shown_at", subscriptionId, at);
}

async function stamp(
  tx: Kysely<Database>,
  column: "last_sent_at" | "last_shown_at",
  subscriptionId: string,
  at: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("push_subscription")
    .set({ [column]: at })
    .where("subscription_id", "=", subscriptionId)
    .where((eb) => eb.or([eb(column, "is", null), eb(column, "<", at)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * The same browser keeps its id as long as it is the same person's. With another owner it is another subscription, so
 * that what was promised to the one before is never shown to the one after.
 */
async function subscribe(
  tx: Kysely<Database>,
  trail: AuditTrail,
  given: NewSubscription,
): Promise<PushSubscriptionTable> {
  await requireUser(tx, given.userId);
  const known = await tx
    .selectFrom("push_subscription")
    .selectAll()
    .where("endpoint", "=", given.endpoint)
    .executeTakeFirst();
  if (known !== undefined) {
    await tx
      .deleteFrom("push_subscription")
      .where("subscription_id", "=", known.subscription_id)
      .execute();
  }
  const same = known?.user_id === given.userId ? known : null;
  const row: PushSubscriptionTable = {
    subscription_id: same?.subscription_id ?? newId(given.createdAt),
    user_id: given.userId,
    endpoint: given.endpoint,
    p256dh: given.p256dh,
    auth: given.auth,
    label: given.label === "" ? null : given.label,
    is_private: given.isPrivate ? 1 : 0,
    created_at: given.createdAt,
    last_sent_at: same?.last_sent_at ?? null,
    last_shown_at: same?.last_shown_at ?? null,
    trouble: null,
    consent_at: given.createdAt,
    consent_words: given.consentWords,
  };
  await tx.insertInto("push_subscription").values(row).execute();
  const { subscription_id: id, created_at: at } = row;
  const facts: AuditFact[] = [
    {
      ...personal("push-consent", given.userId, id, at),
      detail: { words: given.consentWords, private: given.isPrivate },
    },
  ];
  if (known !== undefined && same === null) {
    facts.unshift(withdrawn(known.user_id, known.subscription_id, "another-person", at));
  }
  await trail.append(tx, facts);
  await dropOldest(tx, given.userId, row.subscription_id);
  return row;
}

/** The same browser under another person: what the one before agreed to is over. */
function withdrawn(userId: string, id: string, why: string, at: number): AuditFact {
  return { ...personal("push-consent-withdrawn", userId, id, at), detail: { why } };
}

function personal(
  action: AuditAction,
  userId: string,
  subjectId: string,
  at: number,
): Omit<AuditFact, "detail"> {
  const who = { actorKind: "user", actorId: userId } as const;
  return { at, ...who, action, subjectKind: "device", subjectId, teamId: null };
}

async function dropOldest(tx: Kysely<Database>, userId: string, newest: string): Promise<void> {
  const others = await tx
    .selectFrom("push_subscription")
    .select("subscription_id")
    .where("user_id", "=", userId)
    .where("subscription_id", "<>", newest)
    .orderBy("created_at", "desc")
    .orderBy("subscription_id", "desc")
    .execute();
  for (const { subscription_id } of others.slice(LIMITS.subscriptionsPerUser - 1)) {
    await tx
      .deleteFrom("push_subscription")
      .where("subscription_id", "=", subscription_id)
      .execute();
  }
}

async function requireUser(tx: Kysely<Database>, userId: string): Promise<void> {
  const row = await tx
    .selectFrom("app_user")
    .select("user_id")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (row === undefined) {
    throw new StoreError("unknown_user", `userId: there is no user "${userId}".`);
  }
}

function subscriptionOf(row: PushSubscriptionTable): PushSubscriptionRow {
  return {
    subscriptionId: row.subscription_id,
    userId: row.user_id,
    endpoint: row.endpoint,
    p256dh: row.p256dh,
    auth: row.auth,
    label: row.label ?? "",
    isPrivate: row.is_private === 1,
    createdAt: row.created_at,
    lastSentAt: row.last_sent_at,
    lastShownAt: row.last_shown_at,
    trouble: row.trouble,
    consentAt: row.consent_at,
    consentWords: row.consent_words,
  };
}
