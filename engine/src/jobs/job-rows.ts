import type { BoardChange, RunRow } from "../model/rows.ts";
import type { RunColumns } from "../ports/stores.ts";
import { type JobFace, runRow, trendRow } from "./board-rows.ts";
import type { JobHistory } from "./job-history.ts";
import type { JobJudge } from "./job-judge.ts";
import { isOpen, isShown, type LiveRun, liveRun, type RunStanding } from "./live-run.ts";
import { digestOf, type DigestRing, type RunDigest } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";

/** The board rows of one job, and which of them changed. Historical runs never reach the board. */
export class JobRows {
  readonly #runs: ReadonlyMap<string, LiveRun>;
  readonly #ring: DigestRing;
  readonly #history: JobHistory;
  readonly #judge: JobJudge;
  /** Rows of runs that are shown once and not kept. */
  #loose: RunRow[] = [];
  /** The row of its trend changed. */
  trendDue = false;

  constructor(
    runs: ReadonlyMap<string, LiveRun>,
    ring: DigestRing,
    history: JobHistory,
    judge: JobJudge,
  ) {
    this.#runs = runs;
    this.#ring = ring;
    this.#history = history;
    this.#judge = judge;
  }

  changed(run: LiveRun): void {
    if (!run.summary.historical) run.rowDue = true;
  }

  /** Rows that changed since the last call. */
  take(face: JobFace): BoardChange[] {
    const rows: BoardChange[] = this.#loose;
    this.#loose = [];
    for (const run of this.#runs.values()) {
      if (run.rowDue && isOnBoard(run)) rows.push(this.#rowOf(face, run));
      run.rowDue = false;
    }
    rows.push(...this.#judge.takeExpectedRows(face));
    const trend = this.trendDue ? trendRow(face, this.#ring) : null;
    if (trend !== null && trend.direction !== "LEARNING") rows.push(trend);
    this.trendDue = false;
    return rows;
  }

  /** Rows of the open runs as memory knows them. */
  open(face: JobFace): RunRow[] {
    return [...this.#runs.values()]
      .filter((run) => isShown(run) && isOpen(run))
      .map((run) => this.#rowOf(face, run));
  }

  /** The row of a stored run that memory has forgotten; null when it has not. `known`: what the store says of its neighbours. */
  ofForgotten(
    face: JobFace,
    summary: RunSummary,
    known?: Pick<RunColumns, "attempt" | "clearedBy">,
  ): RunRow | null {
    if (this.#runs.has(summary.executionId) || summary.historical) return null;
    const run = liveRun({ summary, complete: true, judgement: this.#judge.run(summary) });
    const row = this.#rowOf(face, run);
    if (known === undefined) return row;
    return { ...row, attempt: known.attempt, clearedBy: known.clearedBy };
  }

  /** Such a row is shown once. */
  showForgotten(
    face: JobFace,
    summary: RunSummary,
    known?: Pick<RunColumns, "attempt" | "clearedBy">,
  ): void {
    const row = this.ofForgotten(face, summary, known);
    if (row !== null) this.#loose.push(row);
  }

  /** What its job's other runs say of it. */
  standingOf(run: LiveRun): RunStanding {
    run.standing ??= this.#lookAround(digestOf(run.summary));
    return run.standing;
  }

  #lookAround(digest: RunDigest): RunStanding {
    const { attempt, clearedBy, restartedFrom } = this.#ring.neighboursOf(digest);
    return { attempt, clearedBy, restartedFrom, usualMs: this.#history.usualMs(digest) };
  }

  #rowOf(face: JobFace, run: LiveRun): RunRow {
    const standing = this.standingOf(run);
    return runRow(face, run.summary, standing, run.judgement, standing.usualMs);
  }
}

function isOnBoard(run: LiveRun): boolean {
  return isShown(run) && !run.summary.historical;
}
