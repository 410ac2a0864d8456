import type { KeptLetter, LetterStore, PieceLetters } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { DeadLetterTable } from "../schema/letter-tables.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { writeLetterOnce } from "./row-writers.ts";

export function letterStore(db: Kysely<Database>): LetterStore {
  return {
    load: (partitions, after) => loadLetters(db, partitions, after),
    async counts(limit) {
      const rows = await db
        .selectFrom("dead_letter")
        .select(["job_id", (eb) => eb.fn.countAll().as("letters")])
        .groupBy("job_id")
        .orderBy("letters", "desc")
        .orderBy("job_id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ jobId: row.job_id, letters: Number(row.letters) }));
    },
  };
}

async function loadLetters(
  db: Kysely<Database>,
  partitions: readonly number[],
  after: Pick<KeptLetter, "jobId" | "receivedAt" | "letterId"> | null,
): Promise<readonly KeptLetter[]> {
  if (partitions.length === 0) return [];
  let query = db
    .selectFrom("dead_letter")
    .selectAll()
    .where(inList("partition_no", partitions))
    .where("job_id", "is not", null)
    .orderBy("job_id")
    .orderBy("received_at")
    .orderBy("letter_id")
    .limit(DB_LIMITS.statePage);
  if (after !== null) {
    const { jobId, receivedAt, letterId } = { ...after, jobId: after.jobId ?? "" };
    query = query
      .where("job_id", ">=", jobId)
      .where((eb) =>
        eb.or([
          eb("job_id", ">", jobId),
          eb("received_at", ">", receivedAt),
          eb.and([eb("received_at", "=", receivedAt), eb("letter_id", ">", letterId)]),
        ]),
      );
  }
  return (await query.execute()).map(letterOf);
}

/** Part of a piece's transaction: only what the piece's owner owns is kept or let go. */
export async function saveLetters(
  tx: Kysely<Database>,
  letters: PieceLetters,
  owned: ReadonlySet<number>,
): Promise<void> {
  for (const letter of letters.kept) {
    if (owned.has(letter.partition)) await writeLetterOnce.write(tx, rowOf(letter));
  }
  for (const { jobId, partition } of letters.released) {
    if (!owned.has(partition)) continue;
    await tx.deleteFrom("dead_letter").where("job_id", "=", jobId).execute();
  }
}

function rowOf(letter: KeptLetter): DeadLetterTable {
  return {
    letter_id: letter.letterId,
    job_id: letter.jobId,
    partition_no: letter.partition,
    source_id: letter.sourceId,
    contract: letter.contract,
    received_at: letter.receivedAt,
    reason: letter.reason,
    body: letter.body,
  };
}

function letterOf(row: DeadLetterTable): KeptLetter {
  return {
    letterId: row.letter_id,
    jobId: row.job_id,
    partition: row.partition_no,
    sourceId: row.source_id,
    contract: row.contract,
    receivedAt: row.received_at,
    reason: row.reason ?? "",
    body: row.body,
  };
}
