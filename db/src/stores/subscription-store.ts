import {
  LIMITS,
  StoreError,
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
import { factBy } from "./person-facts.ts";

type SubscriptionMethods = Pick<
  ReceiverStore,
  | "subscriptions"
  | "subscribe"
  | "unsubscribe"
  | "unsubscribeById"
  | "remove"
  | "trouble"
  | "sent"
  | "shown"
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
      change((tx) => withdraw(tx, trail, { userId, endpoint }, { why: "asked", by: userId, now })),
    unsubscribeById: (userId, subscriptionId, now) =>
      change((tx) =>
        withdraw(tx, trail, { userId, subscriptionId }, { why: "asked", by: userId, now }),
      ),
    async remove(subscriptionId, now) {
      await change((tx) =>
        withdraw(tx, trail, { subscriptionId }, { why: "gone", by: "service", now }),
      );
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
    subscribed_in_session: given.sessionId ?? null,
    zone: given.zone ?? null,
  };
  await tx.insertInto("push_subscription").values(row).execute();
  const { subscription_id: id, created_at: at } = row;
  const facts: AuditFact[] = [
    factBy(given.userId, {
      at,
      action: "push-consent",
      subjectKind: "device",
      subjectId: id,
      detail: { words: given.consentWords, private: given.isPrivate },
    }),
  ];
  if (known !== undefined && same === null) {
    // The same browser under another person: what the one before agreed to is over.
    facts.unshift(withdrawn(known, { why: "another-person", by: known.user_id, now: at }));
  }
  await trail.append(tx, facts);
  await dropOldest(tx, trail, given.userId, row.subscription_id, at);
  return row;
}

type Kept = Pick<PushSubscriptionTable, "subscription_id" | "user_id">;

interface Withdrawal {
  readonly why: string;
  /** A user's id, "host" or "service". */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

function withdrawn({ subscription_id, user_id }: Kept, { why, by, now }: Withdrawal): AuditFact {
  return factBy(by, {
    at: now,
    action: "push-consent-withdrawn",
    subjectKind: "device",
    subjectId: subscription_id,
    detail: by === user_id ? { why } : { why, userId: user_id },
  });
}

/** False: there is none, or it is another person's. */
async function withdraw(
  tx: Kysely<Database>,
  trail: AuditTrail,
  which: {
    readonly userId?: string;
    readonly subscriptionId?: string;
    readonly endpoint?: string;
  },
  how: Withdrawal,
): Promise<boolean> {
  const { userId, subscriptionId, endpoint } = which;
  const row = await tx
    .selectFrom("push_subscription")
    .select(["subscription_id", "user_id"])
    .$if(userId !== undefined, (query) => query.where("user_id", "=", userId ?? ""))
    .$if(subscriptionId !== undefined, (query) =>
      query.where("subscription_id", "=", subscriptionId ?? ""),
    )
    .$if(endpoint !== undefined, (query) => query.where("endpoint", "=", endpoint ?? ""))
    .executeTakeFirst();
  if (row === undefined) return false;
  await drop(tx, trail, row, how);
  return true;
}

/** Those of a user that began in one session, with or without those of which that is not known, or all but those; whoever is not signed in any more is told nothing more. */
export async function removeSubscriptions(
  tx: Kysely<Database>,
  trail: AuditTrail,
  of: {
    readonly userId: string;
    readonly sessionId?: string;
    readonly orUnknown?: boolean;
    readonly endpoint?: string | null;
    readonly exceptSession?: string | null;
  },
  how: Withdrawal,
): Promise<void> {
  const rows = await tx
    .selectFrom("push_subscription")
    .select(["subscription_id", "user_id", "endpoint", "subscribed_in_session"])
    .where("user_id", "=", of.userId)
    .orderBy("created_at")
    .orderBy("subscription_id")
    .execute();
  const going = rows.filter(({ endpoint, subscribed_in_session: session }) =>
    of.sessionId === undefined
      ? session === null || session !== of.exceptSession
      : session === of.sessionId ||
        endpoint === of.endpoint ||
        (session === null && of.orUnknown === true),
  );
  for (const row of going) await drop(tx, trail, row, how);
  if (going.length > 0) await bumpIdentity(tx);
}

async function drop(
  tx: Kysely<Database>,
  trail: AuditTrail,
  row: Kept,
  how: Withdrawal,
): Promise<void> {
  await tx
    .deleteFrom("push_subscription")
    .where("subscription_id", "=", row.subscription_id)
    .execute();
  await trail.append(tx, [withdrawn(row, how)]);
}

async function dropOldest(
  tx: Kysely<Database>,
  trail: AuditTrail,
  userId: string,
  newest: string,
  now: number,
): Promise<void> {
  const others = await tx
    .selectFrom("push_subscription")
    .select(["subscription_id", "user_id"])
    .where("user_id", "=", userId)
    .where("subscription_id", "<>", newest)
    .orderBy("created_at", "desc")
    .orderBy("subscription_id", "desc")
    .execute();
  for (const row of others.slice(LIMITS.subscriptionsPerUser - 1)) {
    await drop(tx, trail, row, { why: "too-many", by: "service", now });
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
    zone: row.zone,
  };
}
