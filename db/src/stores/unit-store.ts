import {
  StoreError,
  type Piece,
  type RunColumns,
  type SavedPiece,
  type Unit,
  type UnitStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { isContentError } from "../dialects/content-error.ts";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { jobOfUnit, renamedUnit, renamesOf, type Renames } from "./renamed-units.ts";
import { saveAlerts, type SaidOfAlerts } from "./save-alerts.ts";
import { saveDatasets, type MetDatasets } from "./save-datasets.ts";
import { saveJob, type EnvironmentOf } from "./save-job.ts";
import { saveRun, saveTransitions } from "./save-run.ts";
import { saveLetters } from "./letter-store.ts";
import { writeNoteOnce } from "./row-writers.ts";

/** Joins two summaries of one run; given by the composition root, because a store never looks inside. */
export type JoinSummaries = (
  stored: string,
  incoming: string,
) => { columns: RunColumns; summary: string };

/**
 * The store's busiest method. Everything is written by key with merge rules that do not depend on
 * order or repetition, so a piece whose outcome is unknown is simply sent again.
 */
export function unitStore(db: Kysely<Database>, joinSummaries: JoinSummaries): UnitStore {
  return {
    async save(piece) {
      try {
        return await db.transaction().execute((tx) => savePiece(tx, piece, joinSummaries));
      } catch (error) {
        if (!isContentError(error)) throw error;
        const why = error instanceof Error ? error.message : String(error);
        throw new StoreError("refused", `The store cannot keep this piece: ${why}`);
      }
    },
  };
}

async function savePiece(
  tx: Kysely<Database>,
  piece: Piece,
  join: JoinSummaries,
): Promise<SavedPiece> {
  const touched = touchedPartitions(piece);
  const owned = await ownedPartitions(tx, touched, piece.term);
  const amended: SavedPiece["amended"][number][] = [];
  const said: SaidOfAlerts[] = [];
  const datasets: MetDatasets[] = [];
  const environments: EnvironmentOf = new Map();
  const renames = await renamesOf(tx, piece.units);
  const renamed = new Map<string, string>();
  for (const unit of piece.units) {
    if (!owned.has(unit.partition)) continue;
    const into = unit.job === null ? undefined : renames.into.get(unit.job.jobId);
    if (unit.job !== null && into !== undefined) renamed.set(unit.job.jobId, into);
    const written = renamedUnit(unit, renames);
    const saved = await saveUnit(tx, written, piece.term, join, environments, renames);
    amended.push(...saved.amended);
    const { alerts: levels = [], datasets: uses = [] } = written;
    const jobId = jobOfUnit(unit, renames);
    if (levels.length > 0 || saved.succeeded.length > 0) {
      said.push({ jobId, levels, succeeded: saved.succeeded });
    }
    if (uses.length > 0 && jobId !== null) datasets.push({ jobId, uses, metAt: heardOf(unit) });
  }
  if (datasets.length > 0) await saveDatasets(tx, datasets);
  const alerts = said.length > 0 ? await saveAlerts(tx, said) : [];
  if (piece.letters !== undefined) await saveLetters(tx, piece.letters, owned);
  if (piece.mark !== null) await saveMark(tx, piece.mark, piece.term);
  const lostPartitions = touched.filter((partition) => !owned.has(partition));
  return {
    lostPartitions,
    amended,
    ...(renamed.size > 0 && { renamed: Array.from(renamed, ([from, to]) => ({ from, to })) }),
    ...(alerts.length > 0 && { alerts }),
  };
}

/** When the newest of its runs was heard of, epoch milliseconds. */
function heardOf({ runs, job }: Unit): number {
  return Math.max(job?.lastSeenAt ?? 0, ...runs.map((run) => run.columns.lastFactAt));
}

function touchedPartitions(piece: Piece): number[] {
  const touched = new Set(piece.units.map((unit) => unit.partition));
  for (const letter of piece.letters?.kept ?? []) touched.add(letter.partition);
  for (const job of piece.letters?.released ?? []) touched.add(job.partition);
  for (const partition of piece.mark?.partitions ?? []) touched.add(partition);
  return [...touched];
}

async function ownedPartitions(
  tx: Kysely<Database>,
  partitions: readonly number[],
  term: number,
): Promise<ReadonlySet<number>> {
  if (partitions.length === 0) return new Set();
  const rows = await partitionsOfTerm(tx, [term, ...partitions]);
  return new Set(rows.map((row) => row.partition_no));
}

const partitionsOfTerm = fixedQuery((db, [term = 0, ...partitions]: readonly number[]) =>
  db
    .selectFrom("partition_owner")
    .select("partition_no")
    .where(inList("partition_no", partitions))
    .where("term", "=", term),
);

interface SavedUnit {
  readonly amended: SavedPiece["amended"];
  /** Its runs that are stored as succeeded. */
  readonly succeeded: readonly RunColumns[];
}

async function saveUnit(
  tx: Kysely<Database>,
  unit: Unit,
  term: number,
  join: JoinSummaries,
  environments: EnvironmentOf,
  renames: Renames,
): Promise<SavedUnit> {
  if (unit.job !== null) await saveJob(tx, unit.job, unit.partition, term, environments);
  const amended: SavedPiece["amended"][number][] = [];
  const succeeded: RunColumns[] = [];
  for (const run of unit.runs) {
    const saved = await saveRun(tx, run, join, renames.targets.has(run.columns.jobId));
    if (run.mode === "amend" || saved.grew) amended.push(saved);
    if (saved.columns.state === "succeeded") succeeded.push(saved.columns);
  }
  await saveTransitions(tx, unit.transitions);
  for (const note of unit.notes) {
    await writeNoteOnce.write(tx, {
      note_id: note.noteId,
      subject: note.subject,
      namespace: note.namespace,
      name: note.name,
      occurred_at: note.occurredAt,
      received_at: note.receivedAt,
      source_id: note.sourceId,
      body: note.body,
    });
  }
  return { amended, succeeded };
}

/** A mark only grows, and only its owner moves it. */
async function saveMark(
  tx: Kysely<Database>,
  mark: NonNullable<Piece["mark"]>,
  term: number,
): Promise<void> {
  if (mark.partitions.length === 0) return;
  await tx
    .updateTable("partition_owner")
    .set({ mark_position: mark.position })
    .where(inList("partition_no", mark.partitions))
    .where("term", "=", term)
    .where("mark_position", "<", mark.position)
    .execute();
}
