import {
  AUDIT_GENESIS,
  type AuditAnchor,
  type AuditFilter,
  type AuditStore,
  LIMITS,
  type LinkedAuditRecord,
  type Scope,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { AuditRecordTable } from "../schema/audit-tables.ts";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { readAnchor, readHead, recordOf } from "./audit-rows.ts";
import { APPENDED, type AuditTrail } from "./audit-trail.ts";
import { subjectNames } from "./audit-subjects.ts";
import { decodeCursor } from "./cursor.ts";
import { pageOf, pageSize } from "./paging.ts";

export function auditStore(db: Kysely<Database>, trail: AuditTrail): AuditStore {
  return {
    append: (facts) =>
      db.transaction().execute(async (tx) => {
        const head = await trail.append(tx, facts);
        if (head === null) throw new Error("Nothing was given to be recorded.");
        return head;
      }),
    list: (scope, readerId, filter, limit, cursor) =>
      db.transaction().execute((tx) => list(tx, scope, readerId, filter, limit, cursor)),
    async from(seq) {
      const rows = await db
        .selectFrom("audit_record")
        .selectAll()
        .where("seq", ">=", seq)
        .orderBy("seq")
        .limit(LIMITS.auditPage)
        .execute();
      return rows.map(recordOf);
    },
    head: () => readHead(db),
    ends: () => db.transaction().execute(readEnds),
    subjectNames: (subjects) => db.transaction().execute((tx) => subjectNames(tx, subjects)),
  };
}

async function readEnds(tx: Kysely<Database>): Promise<Awaited<ReturnType<AuditStore["ends"]>>> {
  const rows = await tx
    .selectFrom("store_meta")
    .selectAll()
    .where("meta_key", "in", ["store_id", APPENDED])
    .execute();
  const find = (key: string) => rows.find((row) => row.meta_key === key);
  return {
    storeId: find("store_id")?.text_value ?? "",
    anchor: await readAnchor(tx),
    appended: find(APPENDED)?.int_value ?? 0,
  };
}

type Found = AuditRecordTable & { readonly before_mac: string | null };

async function list(
  tx: Kysely<Database>,
  ...[scope, readerId, filter, limit, cursor]: Parameters<AuditStore["list"]>
): ReturnType<AuditStore["list"]> {
  const after = cursor === null ? null : decodeCursor("audit", "number", cursor);
  const size = pageSize(limit);
  const rows: readonly Found[] = await (
    await matching(tx, scope, readerId, filter, after?.sort ?? null)
  )
    .leftJoin("audit_record as p", (on) => on.on((eb) => eb("p.seq", "=", eb("r.seq", "-", 1))))
    .selectAll("r")
    .select("p.mac as before_mac")
    .orderBy("r.seq", "desc")
    .limit(size + 1)
    .execute();
  const anchor = await readAnchor(tx);
  return pageOf(
    rows,
    size,
    "audit",
    (row) => ({ sort: row.seq, id: "" }),
    (row) => linkedOf(row, anchor),
  );
}

async function matching(
  tx: Kysely<Database>,
  scope: Scope,
  readerId: string,
  filter: AuditFilter,
  below: number | null,
) {
  let query = tx.selectFrom("audit_record as r");
  const { teamIds } = scope;
  if (teamIds !== "all") {
    query = query.where((eb) =>
      eb.or([
        eb("r.actor_id", "=", readerId),
        eb("r.subject_id", "=", readerId),
        ...(teamIds.length === 0 ? [] : [inList("r.team_id", teamIds)]),
      ]),
    );
  }
  const equals = [
    ["r.actor_id", filter.actorId],
    ["r.action", filter.action],
    ["r.subject_kind", filter.subjectKind],
    ["r.subject_id", filter.subjectId],
    ["r.team_id", filter.teamId],
  ] as const;
  for (const [column, value] of equals) {
    if (value !== undefined) query = query.where(column, "=", value as never);
  }
  const { from, until } = filter;
  if (from !== undefined) {
    const first = await placeAt(tx, from - DB_LIMITS.auditTimeSlackMs);
    query = query.where("r.happened_at", ">=", from).where("r.seq", ">=", first ?? 0);
  }
  if (until !== undefined) {
    const end = await placeAt(tx, until + DB_LIMITS.auditTimeSlackMs);
    query = query.where("r.happened_at", "<", until);
    if (end !== null) query = query.where("r.seq", "<=", end);
  }
  return below === null ? query : query.where("r.seq", "<", below);
}

/** The place of the first record from this time on: what is older is not even looked at. Clocks differ by less than the slack. */
async function placeAt(tx: Kysely<Database>, time: number): Promise<number | null> {
  const row = await tx
    .selectFrom("audit_record")
    .select("seq")
    .where("happened_at", ">=", time)
    .orderBy("happened_at")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? null;
}

function linkedOf(row: Found, anchor: AuditAnchor | null): LinkedAuditRecord {
  const first = anchor?.seq === row.seq - 1 ? anchor.mac : AUDIT_GENESIS;
  return { ...recordOf(row), before: row.before_mac ?? first };
}
