import { LIMITS, type PrunedPiece, type PruneStep } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";

const KIND = "old-runs";
type Tx = Kysely<Database>;

/** Runs with their transitions, and what came with them: lineage notes and blind intervals. A job's newest runs are its memory and stay. */
export async function pruneRuns(tx: Tx, step: PruneStep): Promise<PrunedPiece> {
  const rows = await oldRuns(tx, step);
  const gone = await forgotten(tx, rows);
  if (gone.length > 0) {
    await tx.deleteFrom("run_transition").where(inList("execution_id", gone)).execute();
    await tx.deleteFrom("job_run").where(inList("execution_id", gone)).execute();
  }
  const notes = await pruneNotes(tx, step);
  await tx.deleteFrom("blind_interval").where("until_at", "<", step.before).execute();
  const removed = gone.length + notes;
  const last = rows.at(-1);
  if (rows.length < step.limit && notes < step.limit) return { removed, next: null };
  const next =
    last === undefined
      ? step.after
      : encodeCursor(KIND, { sort: last.ordered_at, id: last.execution_id });
  return { removed, next: next ?? encodeCursor(KIND, { sort: 0, id: "" }) };
}

interface OldRun {
  readonly execution_id: string;
  readonly job_id: string;
  readonly ordered_at: number;
  readonly ended_at: number | null;
}

async function oldRuns(tx: Tx, { before, limit, after }: PruneStep): Promise<readonly OldRun[]> {
  let query = tx
    .selectFrom("job_run")
    .select(["execution_id", "job_id", "ordered_at", "ended_at"])
    .where("ordered_at", "<", before)
    .orderBy("ordered_at")
    .orderBy("execution_id")
    .limit(limit);
  if (after !== null) {
    const place = decodeCursor(KIND, "number", after);
    query = query
      .where("ordered_at", ">=", place.sort)
      .where((eb) => eb.or([eb("ordered_at", ">", place.sort), eb("execution_id", ">", place.id)]));
  }
  return query.execute();
}

/** Of these, the ended ones that their job does not remember any more. */
async function forgotten(tx: Tx, rows: readonly OldRun[]): Promise<readonly string[]> {
  const remembered = new Map<string, number>();
  for (const { job_id } of rows) {
    if (!remembered.has(job_id)) remembered.set(job_id, await rememberedFrom(tx, job_id));
  }
  return rows
    .filter((row) => row.ended_at !== null && row.ordered_at < (remembered.get(row.job_id) ?? 0))
    .map((row) => row.execution_id);
}

async function rememberedFrom(tx: Tx, jobId: string): Promise<number> {
  const row = await tx
    .selectFrom("job_run")
    .select("ordered_at")
    .where("job_id", "=", jobId)
    .orderBy("ordered_at", "desc")
    .limit(1)
    .offset(LIMITS.digestsPerJob - 1)
    .executeTakeFirst();
  return row?.ordered_at ?? 0;
}

async function pruneNotes(tx: Tx, { before, limit }: PruneStep): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("lineage_note")
    .where("note_id", "in", (eb) =>
      eb
        .selectFrom("lineage_note")
        .select("note_id")
        .where("received_at", "<", before)
        .orderBy("received_at")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
