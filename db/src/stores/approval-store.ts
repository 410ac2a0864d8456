import {
  canonical,
  type ApprovalCounts,
  type ApprovalStore,
  type ChangeAuthor,
  type ChangeRequest,
  contentIdOf,
  inverseOf,
  type Json,
  LIMITS,
  type Page,
  type ProposedChange,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { carriedOutOf, requestOf, requireRequest } from "./change-request-rows.ts";
import { collectSecret } from "./collect-secret.ts";
import { fieldsNow } from "./carry-out.ts";
import { commandSubjectOf } from "./change-kinds.ts";
import { once } from "./command-once.ts";
import { decodeCursor, type Position } from "./cursor.ts";
import { approveChange, expireChange, rejectChange, withdrawChange } from "./decide-change.ts";
import { ofTeams } from "./of-teams.ts";
import { kindsOf } from "./other-change-work.ts";
import { EMPTY_PAGE, pageOf, pageSize } from "./paging.ts";
import { proposeChange } from "./propose-change.ts";
import { endSetup, readSetup, setupHolds } from "./setup-facts.ts";

/** Requests that one sweep ends; the next one goes on. */
const SWEPT_AT_ONCE = 200;

/** Four eyes (engine/SPEC.md EYES). */
export function approvalStore(db: Kysely<Database>, trail: AuditTrail): ApprovalStore {
  const inOne = <T>(work: (tx: Kysely<Database>) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  const decided = (
    action: string,
    requestId: string,
    by: ChangeAuthor,
    now: number,
    work: (tx: Kysely<Database>) => Promise<ChangeRequestTable>,
  ): Promise<ChangeRequest> =>
    inOne((tx) =>
      once(tx, by, `${action} ${requestId}`, now, async () => requestOf(await work(tx))),
    );
  return {
    propose: (change, by, how, now) =>
      inOne((tx) =>
        once(tx, by, `propose ${saidBy(change, how)}`, now, () =>
          proposeChange(tx, trail, change, by, how, now),
        ),
      ),
    approve: (requestId, hash, note, by, now) =>
      decided("approve", requestId, by, now, (tx) =>
        approveChange(tx, trail, { requestId, hash, note, userId: by.userId }, now),
      ),
    reject: (requestId, note, by, now) =>
      decided("reject", requestId, by, now, (tx) =>
        rejectChange(tx, trail, { requestId, note, userId: by.userId }, now),
      ),
    withdraw: (requestId, by, now) =>
      decided("withdraw", requestId, by, now, (tx) =>
        withdrawChange(tx, trail, { requestId, userId: by.userId }, now),
      ),
    sweep: (now) => sweep(db, trail, now),
    inverse: (requestId) => inOne((tx) => inverse(tx, requestId)),
    collect: (requestId, secretHash, expiresAt, by, now) =>
      inOne(async (tx) =>
        requestOf(
          await collectSecret(
            tx,
            trail,
            { requestId, secretHash, expiresAt, userId: by.userId },
            now,
          ),
        ),
      ),
    list: (scope, filter, limit, cursor) => inOne((tx) => list(tx, scope, filter, limit, cursor)),
    async get(requestId) {
      const row = await db
        .selectFrom("change_request")
        .selectAll()
        .where("request_id", "=", requestId)
        .executeTakeFirst();
      return row === undefined ? null : requestOf(row);
    },
    counts: () => inOne(counts),
    async underBreakGlass() {
      const rows = await db
        .selectFrom("change_request")
        .selectAll()
        .where("reverts_at", "is not", null)
        .orderBy("reverts_at")
        .limit(LIMITS.pageSize)
        .execute();
      return rows.map(requestOf);
    },
    setup: () => inOne(readSetup),
    async endSetup(now) {
      await inOne((tx) => endSetup(tx, trail, "asked for", now));
    },
    async retention() {
      const rows = await db.selectFrom("retention_setting").select(["what", "days"]).execute();
      return Object.fromEntries(rows.map(({ what, days }) => [what, days]));
    },
    async maskingExceptions() {
      const rows = await db
        .selectFrom("masking_exception")
        .selectAll()
        .orderBy("source_id")
        .orderBy("field")
        .execute();
      return rows.map((row) => ({
        sourceId: row.source_id,
        field: row.field,
        kinds: kindsOf(row.kinds),
      }));
    },
  };
}

/** All that a command asks for, as one id: the same again is a repeat, anything else under its id is another command (EYES-14). */
function saidBy(change: ProposedChange, how: Parameters<ApprovalStore["propose"]>[2]): string {
  const { mode, takesBack, asked } = how;
  const payload = asked ?? canonical(change.payload as Json);
  return contentIdOf(commandSubjectOf(change), payload, mode, takesBack ?? "");
}

/** Each request is a transaction of its own: one that cannot be ended holds up none of the others, and is said at the end. */
async function sweep(
  db: Kysely<Database>,
  trail: AuditTrail,
  now: number,
): Promise<readonly ChangeRequest[]> {
  await db.transaction().execute((tx) => setupHolds(tx, trail, now));
  const due = await db
    .selectFrom("change_request")
    .select("request_id")
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "WAITING"), eb("expires_at", "<=", now)]),
        eb("reverts_at", "<=", now),
      ]),
    )
    .orderBy("request_id")
    .limit(SWEPT_AT_ONCE)
    .execute();
  const changed: ChangeRequest[] = [];
  const failures: unknown[] = [];
  for (const { request_id } of due) {
    try {
      const ended = await db
        .transaction()
        .execute((tx) => expireChange(tx, trail, request_id, now));
      if (ended !== null) changed.push(requestOf(ended));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return changed;
}

async function inverse(tx: Kysely<Database>, requestId: string): Promise<ProposedChange> {
  const row = await requireRequest(tx, requestId);
  if (row.state !== "APPLIED" || row.reverted_by !== null) {
    throw new StoreError("not_applied", "Only what was applied and not taken back can be.");
  }
  const now = await fieldsNow(tx, row);
  const change = now === null ? null : inverseOf(carriedOutOf(row), now);
  if (change !== null) return change;
  throw new StoreError(
    "cannot_revert",
    "It cannot be taken back: nothing of it stands any more, or there is no change that undoes it.",
  );
}

async function list(
  tx: Kysely<Database>,
  ...[scope, filter, limit, cursor]: Parameters<ApprovalStore["list"]>
): Promise<Page<ChangeRequest>> {
  if (scope.teamIds !== "all" && scope.teamIds.length === 0) return EMPTY_PAGE;
  if (filter.states?.length === 0) return EMPTY_PAGE;
  const after = cursor === null ? null : decodeCursor("change-requests", "number", cursor);
  const size = pageSize(limit);
  let query = tx
    .selectFrom("change_request")
    .selectAll()
    .orderBy("requested_at", "desc")
    .orderBy("request_id", "desc")
    .limit(size + 1);
  if (filter.states !== undefined) query = query.where("state", "in", filter.states);
  if (scope.teamIds !== "all") query = query.where(ofTeams("team_id", scope));
  if (after !== null) {
    query = query
      .where("requested_at", "<=", after.sort)
      .where((eb) => eb.or([eb("requested_at", "<", after.sort), eb("request_id", "<", after.id)]));
  }
  return pageOf(await query.execute(), size, "change-requests", positionOf, requestOf);
}

function positionOf(row: ChangeRequestTable): Position<number> {
  return { sort: row.requested_at, id: row.request_id };
}

async function counts(tx: Kysely<Database>): Promise<ApprovalCounts> {
  const waiting = await tx
    .selectFrom("change_request")
    .select((eb) => eb.fn.countAll().as("rows"))
    .where("state", "=", "WAITING")
    .executeTakeFirstOrThrow();
  const standing = await tx
    .selectFrom("change_request")
    .select((eb) => [eb.fn.countAll().as("rows"), eb.fn.min("reverts_at").as("first")])
    .where("reverts_at", "is not", null)
    .executeTakeFirstOrThrow();
  return {
    waiting: Number(waiting.rows),
    breakGlass: Number(standing.rows),
    revertsAt: standing.first,
  };
}
