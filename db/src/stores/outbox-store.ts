import { StoreError, type Notification, type OutboxStore, type Page } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { NotificationTable } from "../schema/notification-tables.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { bumpIdentity } from "./identity-version.ts";
import { notificationOf, notificationRowOf, writeNewNotification } from "./notification-rows.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";
import { stampShown } from "./subscription-store.ts";

type Mark = Parameters<OutboxStore["mark"]>[1][number];

/** Notifications that the store has promised to send. They are listed newest first: by `created_at`, then id. */
export function outboxStore(db: Kysely<Database>): OutboxStore {
  return {
    lease: (owner, now, leaseUntil, limit) =>
      db.transaction().execute((tx) => lease(tx, owner, now, leaseUntil, limit)),
    async add(notification) {
      const written = await writeNewNotification.write(db, notificationRowOf(notification));
      if (written > 0) return;
      const { notificationId } = notification;
      throw new StoreError("refused", `notificationId: "${notificationId}" exists already.`);
    },
    mark: (owner, marks) =>
      db.transaction().execute(async (tx) => {
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
    async ofIncident(incidentId) {
      const rows = await db
        .selectFrom("notification")
        .selectAll()
        .where("incident_id", "=", incidentId)
        .orderBy("created_at")
        .orderBy("notification_id")
        .execute();
      return rows.map(notificationOf);
    },
    list: (filter, limit, cursor) => list(db, filter, limit, cursor),
    replay: (notificationId, now) => replay(db, notificationId, now),
    async counts() {
      const rows = await db
        .selectFrom("notification")
        .select(["state", (eb) => eb.fn.countAll().as("rows")])
        .where("state", "in", ["PENDING", "DEAD"])
        .groupBy("state")
        .execute();
      const count = (state: string) => Number(rows.find((row) => row.state === state)?.rows ?? 0);
      return { pending: count("PENDING"), dead: count("DEAD") };
    },
  };
}

/** The update names what was read, so that of two owners who read the same row one gets it. */
async function lease(
  tx: Kysely<Database>,
  owner: string,
  now: number,
  leaseUntil: number,
  limit: number,
): Promise<readonly Notification[]> {
  const due = await tx
    .selectFrom("notification")
    .selectAll()
    .where("due_at", "<=", now)
    .orderBy("created_at")
    .orderBy("notification_id")
    .limit(limit)
    .execute();
  const leased: Notification[] = [];
  for (const row of due) {
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

async function markOne(tx: Kysely<Database>, owner: string, mark: Mark): Promise<void> {
  const own = tx
    .updateTable("notification")
    .where("notification_id", "=", mark.notificationId)
    .where("lease_owner", "=", owner);
  const free = { lease_owner: null, lease_until: null };
  if (mark.type === "sent") {
    await own
      .set((eb) => ({
        ...free,
        state: "SENT",
        sent_at: mark.at,
        attempts: eb("attempts", "+", 1),
        next_attempt_at: null,
        due_at: null,
        last_error: null,
      }))
      .where("state", "in", ["PENDING", "CANCELLED"])
      .execute();
    return;
  }
  const { error, nextAttemptAt } = mark;
  await own
    .set((eb) => ({
      ...free,
      state: nextAttemptAt === null ? "DEAD" : "PENDING",
      attempts: eb("attempts", "+", 1),
      next_attempt_at: nextAttemptAt,
      due_at: nextAttemptAt,
      last_error: error,
    }))
    .where("state", "=", "PENDING")
    .execute();
}

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
  const column = kind === "shown" ? "shown_at" : "seen_at";
  await tx
    .updateTable("notification")
    .set({ [column]: at })
    .where("notification_id", "=", notificationId)
    .where(column, "is", null)
    .execute();
  const stamped = kind === "shown" && row.channel === "webpush";
  if (stamped && (await stampShown(tx, row.target_id, at))) await bumpIdentity(tx);
  return true;
}

async function list(
  db: Kysely<Database>,
  ...[filter, limit, cursor]: Parameters<OutboxStore["list"]>
): Promise<Page<Notification>> {
  const after = cursor === null ? null : decodeCursor("notifications", "number", cursor);
  if (filter.states?.length === 0) return EMPTY_PAGE;
  const size = pageSize(limit);
  let query = db
    .selectFrom("notification")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("notification_id", "desc")
    .limit(size + 1);
  if (filter.states !== undefined) query = query.where(inList("state", filter.states));
  if (after !== null) {
    query = query
      .where("created_at", "<=", after.sort)
      .where((eb) =>
        eb.or([eb("created_at", "<", after.sort), eb("notification_id", "<", after.id)]),
      );
  }
  return pageOf(await query.execute(), size, "notifications", positionOf, notificationOf);
}

function positionOf(row: NotificationTable): Position<number> {
  return { sort: row.created_at, id: row.notification_id };
}

/** It is tried anew from the first attempt on. */
async function replay(db: Kysely<Database>, notificationId: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("notification")
    .set({ state: "PENDING", attempts: 0, next_attempt_at: now, due_at: now })
    .where("notification_id", "=", notificationId)
    .where("state", "=", "DEAD")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
