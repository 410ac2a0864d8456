import {
  StoreError,
  type Alert,
  type Piece,
  type RunColumns,
  type SavedPiece,
  type Unit,
  type UnitStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { commitLater } from "../dialects/commit-later.ts";
import { isContentError } from "../dialects/content-error.ts";
import { fixedQuery, fixedWrite } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import type { LineageNoteTable } from "../schema/lineage-tables.ts";
import { upstreamOf } from "./job-datasets.ts";
import { jobOfUnit, renamedUnit, renamesOf, type Renames } from "./renamed-units.ts";
import { saveAlerts, type SaidOfAlerts } from "./save-alerts.ts";
import { saveDatasets, type MetDatasets } from "./save-datasets.ts";
import { type PlacedJob, saveJobs } from "./save-job.ts";
import { saveRuns, saveTransitions, type SavedRun } from "./save-run.ts";
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
        const save = (tx: Kysely<Database>) => savePiece(tx, piece, joinSummaries);
        // Only a mark lets go of the journal: until then all that is here can be read there again.
        return piece.mark === null
          ? await commitLater(db, save)
          : await db.transaction().execute(save);
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
  const renames = await renamesOf(tx, piece.units);
  const given = piece.units.filter((unit) => owned.has(unit.partition));
  const units = given.map((unit) => renamedUnit(unit, renames));
  const runs = await saveUnits(tx, units, piece.term, join, renames);
  const said: SaidOfAlerts[] = [];
  const datasets: MetDatasets[] = [];
  for (const [index, unit] of given.entries()) {
    const { alerts: levels = [], datasets: uses = [] } = units[index] ?? unit;
    const jobId = jobOfUnit(unit, renames);
    const succeeded = (runs[index] ?? []).flatMap(({ columns }) =>
      columns.state === "succeeded" ? [columns] : [],
    );
    if (levels.length > 0 || succeeded.length > 0) said.push({ jobId, levels, succeeded });
    if (uses.length > 0 && jobId !== null) datasets.push({ jobId, uses, metAt: heardOf(unit) });
  }
  if (datasets.length > 0) await saveDatasets(tx, datasets);
  const alerts = said.length > 0 ? await saveAlerts(tx, said) : [];
  if (piece.letters !== undefined) await saveLetters(tx, piece.letters, owned);
  if (piece.mark !== null) await saveMark(tx, piece.mark, piece.term);
  const lostPartitions = touched.filter((partition) => !owned.has(partition));
  const renamed = given.flatMap(({ job }) => renamedJob(job, renames));
  return {
    lostPartitions,
    amended: amendedRuns(units, runs),
    ...(renamed.length > 0 && { renamed }),
    ...(alerts.length > 0 && { alerts, upstream: await upstreamOf(tx, firingJobsOf(alerts)) }),
  };
}

function firingJobsOf(alerts: readonly Alert[]): readonly string[] {
  const jobIds = alerts.flatMap(({ firing, card }) => (firing ? (card.jobId ?? []) : []));
  return [...new Set(jobIds)];
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
  const rows = await partitionsOfTerm(tx, [term, ...padded(partitions)]);
  return new Set(rows.map((row) => row.partition_no));
}

const partitionsOfTerm = fixedQuery((db, [term = 0, ...partitions]: readonly number[]) =>
  db
    .selectFrom("partition_owner")
    .select("partition_no")
    .where(inList("partition_no", partitions))
    .where("term", "=", term),
);

/** Writes the units table by table; answers the runs of each as they now stand. */
async function saveUnits(
  tx: Kysely<Database>,
  units: readonly Unit[],
  term: number,
  join: JoinSummaries,
  renames: Renames,
): Promise<readonly (readonly SavedRun[])[]> {
  const jobs = units.flatMap(({ job, partition, position = 0 }) =>
    job === null ? [] : [{ job, partition, position }],
  );
  await saveJobs(tx, jobs, term);
  await savePositions(tx, jobs, term);
  const runs = units.flatMap((unit) => unit.runs);
  const saved = await saveRuns(tx, runs, join, renames.targets);
  const transitions = units.flatMap((unit) => unit.transitions);
  await saveTransitions(tx, transitions);
  const notes = units.flatMap((unit) => unit.notes);
  await writeNoteOnce.writeAll(tx, notes.map(noteRowOf));
  let from = 0;
  return units.map((unit) => saved.slice(from, (from += unit.runs.length)));
}

/** Runs of which the store holds more than the unit said. */
function amendedRuns(
  units: readonly Unit[],
  saved: readonly (readonly SavedRun[])[],
): SavedPiece["amended"] {
  return units.flatMap((unit, index) =>
    (saved[index] ?? []).filter((run, at) => unit.runs[at]?.mode === "amend" || run.grew),
  );
}

function renamedJob(
  job: Unit["job"],
  { into }: Renames,
): readonly { readonly from: string; readonly to: string }[] {
  const to = job === null ? undefined : into.get(job.jobId);
  return job === null || to === undefined ? [] : [{ from: job.jobId, to }];
}

function noteRowOf(note: Unit["notes"][number]): LineageNoteTable {
  return {
    note_id: note.noteId,
    subject: note.subject,
    namespace: note.namespace,
    name: note.name,
    occurred_at: note.occurredAt,
    received_at: note.receivedAt,
    source_id: note.sourceId,
    body: note.body,
  };
}

/** The furthest position of these jobs, at their partitions: what it is above for others does no harm. */
async function savePositions(
  tx: Kysely<Database>,
  jobs: readonly PlacedJob[],
  term: number,
): Promise<void> {
  const furthest = Math.max(0, ...jobs.map(({ position }) => position));
  if (furthest === 0) return;
  const partitions = padded([...new Set(jobs.map(({ partition }) => partition))]);
  await movePositions(tx, [furthest, term, ...partitions]);
}

const movePositions = fixedWrite((db, [position = 0, term = 0, ...partitions]: readonly number[]) =>
  db
    .updateTable("partition_owner")
    .set({ saved_position: position })
    .where(inList("partition_no", partitions))
    .where("term", "=", term)
    .where("saved_position", "<", position),
);

/** A mark only grows, and only its owner moves it. */
async function saveMark(
  tx: Kysely<Database>,
  { partitions, position }: NonNullable<Piece["mark"]>,
  term: number,
): Promise<void> {
  if (partitions.length > 0) await moveMarks(tx, [position, term, ...partitions]);
}

const moveMarks = fixedWrite((db, [position = 0, term = 0, ...partitions]: readonly number[]) =>
  db
    .updateTable("partition_owner")
    .set({ mark_position: position })
    .where(inList("partition_no", partitions))
    .where("term", "=", term)
    .where("mark_position", "<", position),
);
