import {
  actorOf,
  type ChangeAuthor,
  DELIVERY_STATES,
  type DeliveryState,
  LIMITS,
  type Notification,
  type OutboxStore,
  type Page,
  type Promised,
  StoreError,
  tellsOfAnEnd,
} from "@batchwatch/engine";
import type { Kysely, UpdateQueryBuilder, UpdateResult } from "kysely";
import { commitLater } from "../dialects/commit-later.ts";
import { fixedWrite } from "../dialects/fixed-query.ts";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { NotificationTable } from "../schema/notification-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { bumpIdentity } from "./identity-version.ts";
import { notificationOf, notificationRowOf, writeNotificationOnce } from "./notification-rows.ts";
import { pageOf, pageSize } from "./paging.ts";
import { stampShown } from "./subscription-store.ts";

type Mark = Parameters<OutboxStore["mark"]>[1][number];

/** Notifications that the store has promised to send. They are listed newest first: by `created_at`, then id. */
export function outboxStore(db: Kysely<Database>, trail: AuditTrail): OutboxStore {
  return {
    lease: (owner, now, leaseUntil, limit) =>
      db.transaction().execute((tx) => lease(tx, owner, now, leaseUntil, limit)),
    async takeOver(owner) {
      await endOtherLeases(db, [owner]);
    },
    async add(notification) {
      await writeNotificationOnce.write(db, notificationRowOf(notification));
    },
    // What a loss of power takes of it is sent again, as what was never marked is: the pages behind it need not wait for the disk.
    mark: (owner, marks) =>
      commitLater(db, async (tx) => {
        for (const mark of marks) await markOne(tx, owner, mark);
      }),
    async nextDueAt() {
      const row = await db
        .selectFrom("notification")
        .select((eb) => eb.fn.min("due_at").as("next"))
        .executeTakeFirst();
      return row?.next ?? null;
    },
    receipt: (notificationId, userId, kind, at) =>
      db.transaction().execute((tx) => receipt(tx, notificationId, userId, kind, at)),
    async get(notificationId) {
      const row = await db
        .selectFrom("notification")
        .selectAll()
        .where("notification_id", "=", notificationId)
        .executeTakeFirst();
      return row === undefined ? null : notificationOf(row);
    },
    async ofIncident(incidentId) {
      const rows = await db
        .selectFrom("notification")
        .selectAll()
        .where("incident_id", "=", incidentId)
        .orderBy("created_at", "desc")
        .orderBy("notification_id", "desc")
        .limit(LIMITS.incidentDeliveries)
        .execute();
      return rows.toReversed().map(notificationOf);
    },
    promised: (incidentIds) => promised(db, incidentIds),
    list: (filter, limit, cursor) =>
      db.transaction().execute((tx) => list(tx, filter, limit, cursor)),
    replay: (notificationId, by, now) =>
      db.transaction().execute((tx) => replay(tx, trail, notificationId, by, now)),
    async counts() {
      const rows = await db
        .selectFrom("notification")
        .select(["state", (eb) => eb.fn.countAll().as("rows")])
        .select((eb) => eb.fn.min("created_at").as("oldest"))
        .where("state", "in", ["PENDING", "DEAD"])
        .groupBy("state")
        .execute();
      const of = (state: string) => rows.find((row) => row.state === state);
      return {
        pending: Number(of("PENDING")?.rows ?? 0),
        oldestPendingAt: of("PENDING")?.oldest ?? null,
        dead: Number(of("DEAD")?.rows ?? 0),
        unreached: await unreached(db),
      };
    },
  };
}

async function promised(
  db: Kysely<Database>,
  incidentIds: readonly string[],
): Promise<readonly Promised[]> {
  if (incidentIds.length === 0) return [];
  const rows = await db
    .selectFrom("notification")
    .select(["incident_id", "channel", "target_id", "user_id", "kind", "state"])
    .select((eb) => [
      eb.fn.max("receiver").as("receiver"),
      eb.fn.max("lease_until").as("lease_until"),
    ])
    .where(inList("incident_id", incidentIds))
    .groupBy(["incident_id", "channel", "target_id", "user_id", "kind", "state"])
    .orderBy((eb) => eb.fn.min("created_at"))
    .orderBy("target_id")
    .execute();
  return rows.map((row) => ({
    incidentId: row.incident_id,
    channel: row.channel,
    targetId: row.target_id,
    userId: row.user_id,
    receiver: row.receiver ?? "",
    kind: row.kind,
    state: row.state,
    leaseUntil: row.lease_until,
  }));
}

/** Given up for somebody whom nothing else of that incident has reached, while the incident is open. */
async function unreached(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom("notification as n")
    .innerJoin("incident as i", "i.incident_id", "n.incident_id")
    .select((eb) => eb.fn.countAll().as("rows"))
    .where("n.state", "=", "DEAD")
    .where("i.state", "<>", "RESOLVED")
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("notification as s")
            .select("s.notification_id")
            .whereRef("s.incident_id", "=", "n.incident_id")
            .where("s.state", "=", "SENT")
            .where((of) =>
              of.or([
                of("s.user_id", "=", of.ref("n.user_id")),
                of("s.target_id", "=", of.ref("n.target_id")),
              ]),
            ),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(row?.rows ?? 0);
}

const endOtherLeases = fixedWrite((db, [owner]: readonly [string]) =>
  db
    .updateTable("notification")
    .set((eb) => ({
      lease_owner: null,
      lease_until: null,
      due_at: eb.fn.coalesce("next_attempt_at", "created_at"),
    }))
    .where("state", "=", "PENDING")
    .where("lease_owner", "<>", owner),
);

/** The update names what was read, so that of two owners who read the same row one gets it. */
async function lease(
  tx: Kysely<Database>,
  owner: string,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<readonly Notification[]> {
  const rows = tx
    .selectFrom("notification")
    .selectAll()
    .orderBy("created_at")
    .orderBy("notification_id")
    .limit(limit);
  const due = await rows.where("due_at", "<=", now).execute();
  // Asked for by itself: with one "or" SQLite reads the whole table.
  const ahead = await rows
    .where("due_at", ">", leaseUntil + (leaseUntil - now))
    .where((eb) =>
      eb.or([
        eb("lease_owner", "is not", null),
        eb("due_at", ">", leaseUntil + LIMITS.attemptWaitMs),
      ]),
    )
    .execute();
  const leased: Notification[] = [];
  for (const row of [...due, ...ahead].slice(0, limit)) {
    const taken = { lease_owner: owner, lease_until: leaseUntil, due_at: leaseUntil };
    const { numUpdatedRows } = await tx
      .updateTable("notification")
      .set(taken)
      .where("notification_id", "=", row.notification_id)
      .where("due_at", "=", row.due_at)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) leased.push(notificationOf({ ...row, ...taken }));
  }
  return leased;
}

/** What was cancelled while it was under way and did go out was sent; what failed stays cancelled. */
async function markOne(tx: Kysely<Database>, owner: string, mark: Mark): Promise<void> {
  const { notificationId } = mark;
  if (mark.type === "sent") {
    await markSent(tx, [notificationId, owner, mark.at]);
    return;
  }
  const { error, nextAttemptAt } = mark;
  const state = nextAttemptAt === null ? "DEAD" : "PENDING";
  const marked = await markFailed(tx, [notificationId, owner, error, nextAttemptAt, state]);
  if (marked === 0) await markCancelled(tx, [notificationId, owner, error]);
}

type Sent = readonly [notificationId: string, owner: string, at: number];

const markSent = fixedWrite((db, [notificationId, owner, at]: Sent) =>
  attempted(db, notificationId, owner, null)
    .set({ state: "SENT", sent_at: at, next_attempt_at: null, due_at: null })
    .where("state", "in", ["PENDING", "CANCELLED"]),
);

type Failed = readonly [
  notificationId: string,
  owner: string,
  error: string,
  nextAt: number | null,
  state: DeliveryState,
];

const markFailed = fixedWrite((db, [notificationId, owner, error, nextAt, state]: Failed) =>
  attempted(db, notificationId, owner, error)
    .set({ state, next_attempt_at: nextAt, due_at: nextAt })
    .where("state", "=", "PENDING"),
);

type Cancelled = readonly [notificationId: string, owner: string, error: string];

const markCancelled = fixedWrite((db, [notificationId, owner, error]: Cancelled) =>
  attempted(db, notificationId, owner, error).where("state", "=", "CANCELLED"),
);

function attempted(
  db: Kysely<Database>,
  notificationId: string,
  owner: string,
  error: string | null,
): UpdateQueryBuilder<Database, "notification", "notification", UpdateResult> {
  return db
    .updateTable("notification")
    .set((eb) => ({
      lease_owner: null,
      lease_until: null,
      attempts: eb("attempts", "+", 1),
      last_error: error,
    }))
    .where("notification_id", "=", notificationId)
    .where("lease_owner", "=", owner);
}

/** What was opened was shown, even where the device could not say so. */
async function receipt(
  tx: Kysely<Database>,
  notificationId: string,
  userId: string,
  kind: "shown" | "seen",
  at: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom("notification")
    .select(["channel", "target_id", "shown_at", "seen_at"])
    .where("notification_id", "=", notificationId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (row === undefined) return false;
  const first = {
    ...(row.shown_at === null && { shown_at: at }),
    ...(kind === "seen" && row.seen_at === null && { seen_at: at }),
  };
  if (Object.keys(first).length === 0) return true;
  await tx
    .updateTable("notification")
    .set(first)
    .where("notification_id", "=", notificationId)
    .execute();
  const stamped = row.shown_at === null && row.channel === "webpush";
  if (stamped && (await stampShown(tx, row.target_id, at))) await bumpIdentity(tx);
  return true;
}

/** Each state is read by itself, in the order of its index: no state's history is sorted for one page. */
async function list(
  tx: Kysely<Database>,
  ...[filter, limit, cursor]: Parameters<OutboxStore["list"]>
): Promise<Page<Notification>> {
  const after = cursor === null ? null : decodeCursor("notifications", "number", cursor);
  const size = pageSize(limit);
  const rows: NotificationTable[] = [];
  for (const state of new Set(filter.states ?? DELIVERY_STATES)) {
    let query = tx
      .selectFrom("notification")
      .selectAll()
      .where("state", "=", state)
      .orderBy("created_at", "desc")
      .orderBy("notification_id", "desc")
      .limit(size + 1);
    if (after !== null) {
      query = query
        .where("created_at", "<=", after.sort)
        .where((eb) =>
          eb.or([eb("created_at", "<", after.sort), eb("notification_id", "<", after.id)]),
        );
    }
    rows.push(...(await query.execute()));
  }
  rows.sort(newestFirst);
  return pageOf(rows, size, "notifications", positionOf, notificationOf);
}

function newestFirst(a: NotificationTable, b: NotificationTable): number {
  return b.created_at - a.created_at || (a.notification_id < b.notification_id ? 1 : -1);
}

function positionOf(row: NotificationTable): Position<number> {
  return { sort: row.created_at, id: row.notification_id };
}

function incidentOver(): StoreError {
  return new StoreError(
    "incident_over",
    "notificationId: its incident is over, and what this message says is not so any more. It was not sent again.",
  );
}

/** Its age counts from now on, too: it has the time and the attempts of a new one. */
async function replay(
  tx: Kysely<Database>,
  trail: AuditTrail,
  notificationId: string,
  by: ChangeAuthor,
  now: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom("notification as n")
    .leftJoin("incident as i", "i.incident_id", "n.incident_id")
    .select(["n.incident_id", "n.channel", "n.kind", "i.team_id", "i.state"])
    .where("n.notification_id", "=", notificationId)
    .executeTakeFirst();
  if (row?.state === "RESOLVED" && !tellsOfAnEnd(row.kind)) throw incidentOver();
  const { numUpdatedRows } = await tx
    .updateTable("notification")
    .set({ state: "PENDING", next_attempt_at: now, due_at: now, created_at: now, attempts: 0 })
    .where("notification_id", "=", notificationId)
    .where("state", "=", "DEAD")
    .executeTakeFirst();
  if (row === undefined || numUpdatedRows === 0n) return false;
  await trail.append(tx, [
    {
      at: now,
      ...actorOf(by),
      action: "delivery-replayed",
      subjectKind: "delivery",
      subjectId: notificationId,
      teamId: row.team_id,
      detail: { incidentId: row.incident_id, channel: row.channel },
    },
  ]);
  return true;
}
