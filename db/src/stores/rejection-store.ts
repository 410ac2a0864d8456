import { LIMITS, type Rejection, type SourceStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { newId } from "./new-id.ts";
import { pageSize } from "./paging.ts";

type RejectionMethods = Pick<SourceStore, "reject" | "rejections">;

/** Refused members of requests, the newest of each source. */
export function rejectionMethods(db: Kysely<Database>): RejectionMethods {
  return {
    reject: (rejections) => db.transaction().execute((tx) => reject(tx, rejections)),
    rejections: (sourceId, limit) => readRejections(db, sourceId, limit),
  };
}

async function reject(tx: Kysely<Database>, rejections: readonly Rejection[]): Promise<void> {
  for (const rejection of rejections) {
    await tx
      .insertInto("rejected_fact")
      .values({
        rejection_id: newId(rejection.receivedAt),
        source_id: rejection.sourceId,
        received_at: rejection.receivedAt,
        contract: rejection.contract,
        code: rejection.code,
        message: rejection.message || null,
        excerpt: rejection.excerpt.slice(0, LIMITS.rejectionExcerptLength) || null,
      })
      .execute();
  }
  for (const sourceId of new Set(rejections.map((rejection) => rejection.sourceId))) {
    await dropOldest(tx, sourceId);
  }
}

/** `rejection_id` begins with the time of receipt, so it alone tells newer from older. */
async function dropOldest(tx: Kysely<Database>, sourceId: string): Promise<void> {
  const kept = await tx
    .selectFrom("rejected_fact")
    .select(["received_at", "rejection_id"])
    .where("source_id", "=", sourceId)
    .orderBy("received_at", "desc")
    .orderBy("rejection_id", "desc")
    .limit(LIMITS.rejectionsPerSource)
    .execute();
  const oldest = kept.at(-1);
  if (oldest === undefined || kept.length < LIMITS.rejectionsPerSource) return;
  await tx
    .deleteFrom("rejected_fact")
    .where("source_id", "=", sourceId)
    .where("rejection_id", "<", oldest.rejection_id)
    .execute();
}

async function readRejections(
  db: Kysely<Database>,
  sourceId: string,
  limit: number,
): Promise<readonly Rejection[]> {
  const rows = await db
    .selectFrom("rejected_fact")
    .selectAll()
    .where("source_id", "=", sourceId)
    .orderBy("received_at", "desc")
    .orderBy("rejection_id", "desc")
    .limit(pageSize(limit))
    .execute();
  return rows.map((row) => ({
    sourceId: row.source_id,
    receivedAt: row.received_at,
    contract: row.contract,
    code: row.code,
    message: row.message ?? "",
    excerpt: row.excerpt ?? "",
  }));
}
