import { needsNewestRuns } from "../jobs/job-state.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import { NEW_JOB } from "../model/job.ts";
import { FAILED_SHOWN_MS, LIMITS, RECENT_MS } from "../model/limits.ts";
import { StoreError } from "../ports/store-error.ts";
import type {
  JobSave,
  KeptLetter,
  NewestRun,
  PartitionMark,
  Piece,
  RecentRun,
  RunColumns,
  RunSave,
  SavedPiece,
  StoredJobState,
  TransitionRow,
  Unit,
} from "../ports/stores.ts";
import { MemoryAlerts } from "./memory-alerts.ts";
import { copyTables, emptyTables, type MemoryTables, Transaction } from "./memory-tables.ts";

/** Rows in one answer of `loadStates` and `loadLetters`. */
const PAGE = 500;

export type JoinSummaries = (
  stored: string,
  incoming: string,
) => { columns: RunColumns; summary: string };

/**
 * A store in memory with the promises of the real one: a piece is all or nothing, only the owner's term
 * writes, rows merge by the same rules. The conformance suite of `db` runs on both.
 */
export class MemoryStore {
  tables: MemoryTables;
  /** What this store cannot keep, however often it is sent. */
  refuses: (piece: Piece) => boolean = () => false;
  /** The level with what people set on its job. */
  asSet: (level: AlertLevel) => AlertLevel = (level) => level;
  readonly #join: JoinSummaries;

  constructor(join: JoinSummaries, tables: MemoryTables = emptyTables()) {
    this.#join = join;
    this.tables = tables;
  }

  copy(): MemoryTables {
    return copyTables(this.tables);
  }

  /** From now on it is this copy. */
  replace(tables: MemoryTables): void {
    this.tables = copyTables(tables);
  }

  claim(partitions: readonly number[]): { term: number; marks: readonly PartitionMark[] } {
    const { terms, marks } = this.tables;
    const term = Math.max(0, ...terms.values()) + 1;
    for (const partition of partitions) {
      terms.set(partition, term);
      marks.set(partition, marks.get(partition) ?? 0);
    }
    return {
      term,
      marks: partitions
        .toSorted((a, b) => a - b)
        .map((partition) => ({ partition, position: marks.get(partition) ?? 0 })),
    };
  }

  savedTo(): number {
    const { marks, jobs } = this.tables;
    const states = [...jobs.values()].map(({ position = 0 }) => position);
    return Math.max(0, ...marks.values(), ...states);
  }

  save(piece: Piece): SavedPiece {
    const transaction = new Transaction();
    try {
      return this.#savePiece(transaction, piece);
    } catch (error) {
      transaction.rollBack();
      throw error;
    }
  }

  loadStates(
    partitions: readonly number[],
    afterJobId: string | null,
    limit: number = PAGE,
  ): readonly StoredJobState[] {
    const wanted = new Set(partitions);
    return [...this.tables.jobs.values()]
      .filter(({ partition, job }) => wanted.has(partition) && job.jobId > (afterJobId ?? ""))
      .sort((a, b) => (a.job.jobId < b.job.jobId ? -1 : 1))
      .slice(0, limit);
  }

  newestRuns(
    jobIds: readonly string[],
  ): readonly { readonly jobId: string; readonly runs: readonly NewestRun[] }[] {
    return jobIds.map((jobId) => ({
      jobId,
      runs: [...this.tables.runs.values()]
        .filter(({ columns }) => columns.jobId === jobId)
        .sort(
          ({ columns: a }, { columns: b }) =>
            b.orderedAt - a.orderedAt || (a.executionId < b.executionId ? 1 : -1),
        )
        .slice(0, LIMITS.digestsPerJob)
        .map(({ columns: { attempt, restartedFrom, clearedBy }, summary }) => ({
          attempt,
          restartedFrom,
          clearedBy,
          summary,
        })),
    }));
  }

  recentRuns(
    partitions: readonly number[],
    now: number,
    after: RecentRun | null,
    limit: number = PAGE,
  ): readonly RecentRun[] {
    const wanted = new Set(partitions);
    return [...this.tables.runs.values()]
      .filter(({ columns: { jobId, state, endedAt, lastFactAt, orderedAt } }) => {
        const long = state === "failed" || endedAt === null;
        const since = now - (long ? FAILED_SHOWN_MS : RECENT_MS);
        const partition = this.tables.jobs.get(jobId)?.partition ?? -1;
        const begun = orderedAt > now - 2 * FAILED_SHOWN_MS;
        return (endedAt ?? lastFactAt) > since && begun && wanted.has(partition);
      })
      .map(({ columns: { orderedAt, executionId, jobId, attempt, clearedBy }, summary }) => ({
        orderedAt,
        executionId,
        jobId,
        attempt,
        clearedBy,
        summary,
      }))
      .filter((run) => after === null || isAfter(run, after))
      .sort((a, b) => (isAfter(a, b) ? 1 : -1))
      .slice(0, limit);
  }

  loadLetters(
    partitions: readonly number[],
    after: Pick<KeptLetter, "jobId" | "receivedAt" | "letterId"> | null,
    limit: number = PAGE,
  ): readonly KeptLetter[] {
    const wanted = new Set(partitions);
    const key = (letter: Pick<KeptLetter, "jobId" | "receivedAt" | "letterId">) =>
      `${letter.jobId ?? ""} ${String(letter.receivedAt).padStart(16, "0")} ${letter.letterId}`;
    return [...this.tables.letters.values()]
      .filter((letter) => letter.jobId !== null && wanted.has(letter.partition))
      .filter((letter) => after === null || key(letter) > key(after))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .slice(0, limit);
  }

  letterCounts(limit: number): readonly { jobId: string | null; letters: number }[] {
    const counts = new Map<string | null, number>();
    for (const { jobId } of this.tables.letters.values()) {
      counts.set(jobId, (counts.get(jobId) ?? 0) + 1);
    }
    return [...counts]
      .map(([jobId, letters]) => ({ jobId, letters }))
      .sort((a, b) => b.letters - a.letters || ((a.jobId ?? "") < (b.jobId ?? "") ? -1 : 1))
      .slice(0, limit);
  }

  /** Whether this term may write this partition. Overridden by stores that are wrong on purpose. */
  protected owns(partition: number, term: number): boolean {
    return this.tables.terms.get(partition) === term;
  }

  #savePiece(transaction: Transaction, piece: Piece): SavedPiece {
    const { units, mark, letters, term } = piece;
    if (this.refuses(piece)) throw refused("one of its jobs is poison");
    const touched = new Set(mark?.partitions);
    for (const unit of units) touched.add(unit.partition);
    for (const one of letters?.kept ?? []) touched.add(one.partition);
    for (const one of letters?.released ?? []) touched.add(one.partition);
    const lostPartitions: number[] = [];
    for (const one of touched) if (!this.owns(one, term)) lostPartitions.push(one);
    const owned = (partition: number) =>
      lostPartitions.length === 0 || !lostPartitions.includes(partition);
    const amended: SavedPiece["amended"][number][] = [];
    const alerts = new Map<string, Alert>();
    for (const unit of units) {
      if (!owned(unit.partition)) continue;
      const saved = this.#saveUnit(transaction, unit);
      amended.push(...saved.amended);
      for (const alert of saved.alerts) alerts.set(alert.alertId, alert);
    }
    for (const letter of letters?.kept ?? []) {
      const { letters: table } = this.tables;
      if (owned(letter.partition) && !table.has(letter.letterId)) {
        transaction.set(table, letter.letterId, letter);
      }
    }
    for (const { jobId, partition } of letters?.released ?? []) {
      if (!owned(partition)) continue;
      for (const letter of this.tables.letters.values()) {
        if (letter.jobId === jobId) transaction.delete(this.tables.letters, letter.letterId);
      }
    }
    for (const partition of mark?.partitions ?? []) {
      const known = this.tables.marks.get(partition) ?? 0;
      if (owned(partition) && (mark?.position ?? 0) > known) {
        transaction.set(this.tables.marks, partition, mark?.position ?? 0);
      }
    }
    if (alerts.size === 0) return { lostPartitions, amended };
    return { lostPartitions, amended, alerts: [...alerts.values()] };
  }

  #saveUnit(
    transaction: Transaction,
    unit: Unit,
  ): { readonly amended: SavedPiece["amended"]; readonly alerts: readonly Alert[] } {
    if (unit.job !== null) this.#saveJob(transaction, unit.job, unit);
    const amended: SavedPiece["amended"][number][] = [];
    const runs = unit.runs.map((run) => {
      const saved = this.#saveRun(transaction, run);
      if (run.mode === "amend") amended.push(saved);
      return saved;
    });
    const rows = new MemoryAlerts(this.tables);
    const alerts = [...rows.join(transaction, (unit.alerts ?? []).map(this.asSet))];
    for (const { columns } of runs) alerts.push(...rows.clear(transaction, columns));
    for (const transition of unit.transitions) this.#saveTransition(transaction, transition);
    for (const note of unit.notes) {
      const { notes } = this.tables;
      if (!notes.has(note.noteId)) transaction.set(notes, note.noteId, note);
    }
    return { amended, alerts };
  }

  #saveJob(transaction: Transaction, save: JobSave, { partition, position = 0 }: Unit): void {
    const { state, ...said } = save;
    const known = this.tables.jobs.get(save.jobId)?.job;
    const job = {
      ...NEW_JOB,
      ...known,
      jobId: said.jobId,
      sourceId: known?.sourceId ?? said.sourceId,
      namespace: known?.namespace ?? said.namespace,
      name: known?.name ?? said.name,
      ownerTeamId: said.ownerTeamId,
      firstSeenAt: Math.min(said.firstSeenAt, known?.firstSeenAt ?? Number.POSITIVE_INFINITY),
      lastSeenAt: Math.max(said.lastSeenAt, known?.lastSeenAt ?? 0),
    };
    transaction.set(this.tables.jobs, save.jobId, { job, partition, state, position });
  }

  #saveRun(
    transaction: Transaction,
    run: RunSave,
  ): { readonly columns: RunColumns; readonly summary: string } {
    const { runs, jobs } = this.tables;
    if (!jobs.has(run.columns.jobId)) throw refused("the run's job is not stored");
    const stored = run.mode === "amend" ? runs.get(run.columns.executionId) : undefined;
    const joined = stored === undefined ? run : this.#join(stored.summary, run.summary);
    const { attempt, restartedFrom, clearedBy, triggerKind } = stored?.columns ?? joined.columns;
    const columns = { ...joined.columns, attempt, restartedFrom, clearedBy, triggerKind };
    const saved = { columns, summary: joined.summary };
    transaction.set(runs, columns.executionId, saved);
    return saved;
  }

  #saveTransition(transaction: Transaction, row: TransitionRow): void {
    const { transitions } = this.tables;
    const known = transitions.get(row.executionId) ?? [];
    const same = known.find((one) => one.factId === row.factId);
    const kept =
      same === undefined ? row : { ...same, receivedAt: Math.min(same.receivedAt, row.receivedAt) };
    const rows = [...known.filter((one) => one !== same), kept].sort(
      (a, b) => a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1),
    );
    transaction.set(transitions, row.executionId, rows.slice(-LIMITS.transitionsPerRun));
  }
}

function isAfter(a: RecentRun, b: RecentRun): boolean {
  return (
    a.orderedAt > b.orderedAt || (a.orderedAt === b.orderedAt && a.executionId > b.executionId)
  );
}

const needs = new WeakMap<StoredJobState, boolean>();

/** As the main thread loads it: where this program cannot read the state, the newest runs come with it. */
export function withNewestRuns(store: MemoryStore, stored: StoredJobState): StoredJobState {
  const needed = needs.get(stored) ?? needsNewestRuns(stored);
  needs.set(stored, needed);
  if (!needed) return stored;
  return { ...stored, newestRuns: store.newestRuns([stored.job.jobId])[0]?.runs ?? [] };
}

/** The store's own "no": the content is wrong, not the moment. */
export function refused(why: string): StoreError {
  return new StoreError("refused", `The store cannot keep this: ${why}.`);
}
