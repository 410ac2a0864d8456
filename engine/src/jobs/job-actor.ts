import type { Observation, PositionedRecord } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardRow, RunRow } from "../model/rows.ts";
import type { RunColumns, TransitionRow, Unit } from "../ports/stores.ts";
import { type JobFace, runRow, trendRow } from "./board-rows.ts";
import { joinFact } from "./join-fact.ts";
import { joinSummary } from "./join.ts";
import { encodeJobState, type JobMemory } from "./job-state.ts";
import { columnsOf } from "./run-columns.ts";
import { digestOf, DigestRing, newestFirst, type RunDigest } from "./run-digest.ts";
import { emptySummary, type RunSummary } from "./run-summary.ts";
import { decodeSummary, encodeSummary } from "./summary-codec.ts";

/** A run in memory. `complete` is false while the store may hold facts of it that memory does not. */
export interface LiveRun {
  readonly summary: RunSummary;
  readonly complete: boolean;
}

/** What only its neighbours say of a run. */
type Standing = Pick<RunColumns, "attempt" | "clearedBy">;

export type Effect = "none" | "progress" | "transition";

/**
 * The single owner of one job's hot state. Synchronous and free of I/O: a shard feeds it facts, takes the
 * rows that changed for the board and the unit that must be saved.
 *
 * Memory holds the open runs, the last few ended ones and a ring of digests. When an older run is heard of
 * again, what is said of it is collected in an incomplete run that the store joins with what it holds
 * (`amend`); the answer completes it here.
 */
export class JobActor {
  readonly jobId: string;
  readonly partition: number;
  readonly sourceId: string;
  #face: JobFace;
  #firstSeenAt: number;
  #lastSeenAt: number;
  /** Some run of this job is only in the store: an unknown run may be one of them. */
  #forgotSome: boolean;
  readonly #runs = new Map<string, LiveRun>();
  readonly #ring: DigestRing;
  readonly #changedRuns = new Set<string>();
  readonly #rowsDue = new Set<string>();
  /** Rows of runs that are shown once and not kept. */
  #looseRows: RunRow[] = [];
  #trendDue = false;
  #transitions: TransitionRow[] = [];

  constructor(partition: number, memory: JobMemory) {
    this.partition = partition;
    this.jobId = memory.face.jobId;
    this.sourceId = memory.sourceId;
    this.#face = memory.face;
    this.#firstSeenAt = memory.firstSeenAt;
    this.#lastSeenAt = memory.lastSeenAt;
    this.#forgotSome = memory.forgotSome;
    this.#ring = new DigestRing(memory.digests);
    for (const run of memory.runs) {
      this.#runs.set(run.summary.executionId, run);
      if (!run.summary.historical) this.#rowsDue.add(run.summary.executionId);
    }
    this.#trendDue = memory.digests.length > 0;
  }

  get dirty(): boolean {
    return this.#changedRuns.size > 0 || this.#transitions.length > 0;
  }

  apply(fact: Observation, record: PositionedRecord): Effect {
    const run = this.#runOf(fact);
    if (run.complete && isPlainProgress(fact, run.summary)) {
      joinFact(run.summary, fact);
      this.#lastSeenAt = Math.max(this.#lastSeenAt, fact.occurredAt);
      this.#touch(fact.executionId, run.summary);
      return "progress";
    }
    const before = digestOf(run.summary);
    const factId = joinFact(run.summary, fact);
    this.#firstSeenAt = Math.min(this.#firstSeenAt, fact.occurredAt);
    this.#lastSeenAt = Math.max(this.#lastSeenAt, fact.occurredAt);
    if (fact.teamId !== this.#face.teamId) this.#face = { ...this.#face, teamId: fact.teamId };
    this.#touch(fact.executionId, run.summary);
    if (factId !== null) {
      this.#transitions.push({
        executionId: fact.executionId,
        factId,
        kind: fact.kind,
        stage: fact.stage?.name ?? null,
        occurredAt: fact.occurredAt,
        receivedAt: record.receivedAt,
        sourceId: record.sourceId,
        contract: record.contract,
      });
    }
    // What memory holds of an incomplete run is not what it is: it shows once the store has answered.
    if (!run.complete) return "transition";
    const after = digestOf(run.summary);
    if (sameStanding(before, after) && this.#ring.find(after.executionId) !== undefined) {
      return factId === null ? "progress" : "transition";
    }
    this.#settle(after);
    return "transition";
  }

  /** Rows that changed since the last call. Historical runs never reach the board. */
  takeRows(): BoardRow[] {
    const rows: BoardRow[] = this.#looseRows;
    this.#looseRows = [];
    for (const executionId of this.#rowsDue) {
      const run = this.#runs.get(executionId);
      if (run !== undefined && run.complete && !run.summary.historical) {
        rows.push(runRow(this.#face, run.summary, this.#ring));
      }
    }
    this.#rowsDue.clear();
    if (this.#trendDue) {
      const trend = trendRow(this.#face, this.#ring);
      if (trend.direction !== "LEARNING") rows.push(trend);
    }
    this.#trendDue = false;
    return rows;
  }

  /** The row of a stored run that memory has forgotten; null when it has not. */
  rowOfForgotten(summary: RunSummary, stored: Standing): RunRow | null {
    if (this.#runs.has(summary.executionId) || summary.historical) return null;
    const { attempt, clearedBy } = stored;
    return { ...runRow(this.#face, summary, this.#ring), attempt, clearedBy };
  }

  /** Rows of the open runs as memory knows them. */
  openRows(): RunRow[] {
    return [...this.#runs.values()]
      .filter(({ complete, summary }) => complete && !summary.historical && summary.end === null)
      .map(({ summary }) => runRow(this.#face, summary, this.#ring));
  }

  get face(): JobFace {
    return this.#face;
  }

  /** What must be saved now, and forgets that it must. `restore` undoes it when the save failed. */
  takeUnit(): Unit {
    const runs = [...this.#changedRuns].flatMap((executionId) => {
      const run = this.#runs.get(executionId);
      if (run === undefined) return [];
      return [
        {
          mode: run.complete && this.#isInRing(run) ? ("put" as const) : ("amend" as const),
          columns: columnsOf(run.summary, this.#ring),
          summary: encodeSummary(run.summary),
        },
      ];
    });
    const unit: Unit = {
      partition: this.partition,
      job: {
        jobId: this.jobId,
        sourceId: this.sourceId,
        namespace: this.#face.namespace,
        name: this.#face.name,
        ownerTeamId: this.#face.teamId,
        firstSeenAt: this.#firstSeenAt,
        lastSeenAt: this.#lastSeenAt,
        state: encodeJobState(this.#memory()),
      },
      runs,
      transitions: this.#transitions,
      notes: [],
    };
    this.#changedRuns.clear();
    this.#transitions = [];
    return unit;
  }

  restore(unit: Unit): void {
    for (const run of unit.runs) this.#changedRuns.add(run.columns.executionId);
    this.#transitions = [...unit.transitions, ...this.#transitions];
  }

  /** After a commit: the store's joined form of an incomplete run, and room for ended ones is made. */
  saved(unit: Unit, amended: readonly { columns: RunColumns; summary: string }[]): void {
    for (const { columns, summary } of amended) {
      const { executionId } = columns;
      const run = this.#runs.get(executionId);
      if (run === undefined || run.complete) continue;
      const whole = decodeSummary(summary);
      joinSummary(whole, run.summary);
      if (this.#ring.isTooOld(digestOf(whole)) && whole.end !== null) {
        // Its neighbours are forgotten too: only the store knows its standing. It is shown and let go.
        if (this.#changedRuns.has(executionId)) continue;
        this.#runs.delete(executionId);
        const row = this.rowOfForgotten(whole, columns);
        if (row !== null) this.#looseRows.push(row);
        continue;
      }
      this.#runs.set(executionId, { summary: whole, complete: true });
      this.#touch(executionId, whole);
      this.#settle(digestOf(whole));
    }
    if (unit.runs.length > 0) this.#forgetEnded();
  }

  #isInRing(run: LiveRun): boolean {
    return this.#ring.find(run.summary.executionId) !== undefined;
  }

  #memory(): JobMemory {
    return {
      face: this.#face,
      sourceId: this.sourceId,
      firstSeenAt: this.#firstSeenAt,
      lastSeenAt: this.#lastSeenAt,
      forgotSome: this.#forgotSome,
      digests: this.#ring.items,
      runs: [...this.#runs.values()],
    };
  }

  #runOf(fact: Observation): LiveRun {
    const known = this.#runs.get(fact.executionId);
    if (known !== undefined) return known;
    const remembered = this.#ring.find(fact.executionId) !== undefined;
    const run: LiveRun = {
      summary: emptySummary(fact.executionId, this.jobId, fact.runKey),
      complete: !remembered && !this.#forgotSome,
    };
    this.#runs.set(fact.executionId, run);
    return run;
  }

  #touch(executionId: string, run: RunSummary): void {
    this.#changedRuns.add(executionId);
    if (!run.historical) this.#rowsDue.add(executionId);
  }

  /** A run's standing changed: so may the attempts and cures of its instance, and the job's trend. */
  #settle(digest: RunDigest): void {
    const known = this.#ring.find(digest.executionId);
    const before = this.#forgottenSiblings(digest, known);
    const fellOut = this.#ring.put(digest);
    if (fellOut) this.#forgotSome = true;
    const success = digest.state === "succeeded" || known?.state === "succeeded";
    if (success || fellOut) this.#trendDue = true;
    for (const run of this.#runs.values()) {
      const other = digestOf(run.summary);
      if (other.executionId === digest.executionId || !run.complete) continue;
      const wasOlder = known !== undefined && newestFirst(other, known) < 0;
      const comparedWithIt = success && (wasOlder || newestFirst(other, digest) < 0);
      if (comparedWithIt || (fellOut && run.summary.end === null)) {
        this.#rowsDue.add(other.executionId);
      }
      if (other.instanceKey === digest.instanceKey || other.instanceKey === known?.instanceKey) {
        this.#touch(other.executionId, run.summary);
      }
    }
    for (const [sibling, standing] of before) {
      if (this.#ring.standingOf(sibling) !== standing) this.#recall(sibling.executionId);
    }
  }

  /** Runs of the instances concerned that only the store has in full, with their standing. */
  #forgottenSiblings(digest: RunDigest, known: RunDigest | undefined): [RunDigest, string][] {
    return this.#ring.items
      .filter(
        ({ executionId, instanceKey }) =>
          (instanceKey === digest.instanceKey || instanceKey === known?.instanceKey) &&
          executionId !== digest.executionId &&
          !this.#runs.has(executionId),
      )
      .map((item) => [item, this.#ring.standingOf(item)]);
  }

  /** Gets a forgotten run back: an amendment that says nothing is answered with all of it. */
  #recall(executionId: string): void {
    const summary = emptySummary(executionId, this.jobId, "");
    this.#runs.set(executionId, { summary, complete: false });
    this.#changedRuns.add(executionId);
  }

  /** Ended and saved runs beyond the newest few leave memory; so do the longest silent of too many open ones. */
  #forgetEnded(): void {
    if (this.#runs.size <= LIMITS.endedRunsInMemory) return;
    const settled = [...this.#runs.values()].filter(({ complete, summary: { executionId } }) => {
      return complete && !this.#changedRuns.has(executionId) && !this.#rowsDue.has(executionId);
    });
    const ended = settled.filter((run) => run.summary.end !== null);
    const open = settled.filter((run) => run.summary.end === null);
    this.#forget(ended, LIMITS.endedRunsInMemory);
    this.#forget(open, LIMITS.openRunsPerJob);
  }

  #forget(runs: LiveRun[], keep: number): void {
    const oldestLast = runs.sort((a, b) => b.summary.lastFactAt - a.summary.lastFactAt);
    for (const run of oldestLast.slice(keep)) {
      this.#runs.delete(run.summary.executionId);
      if (this.#ring.find(run.summary.executionId) === undefined) this.#forgotSome = true;
    }
  }
}

/** Progress of a run that has started can change neither its state nor its place in any list. */
function isPlainProgress(fact: Observation, run: RunSummary): boolean {
  return (
    fact.kind === "progress" &&
    run.startedAt !== null &&
    run.nominalAt?.value === (fact.nominalAt ?? run.nominalAt?.value) &&
    (fact.businessDate === undefined || run.businessDate?.value.day === fact.businessDate)
  );
}

function sameStanding(a: RunDigest, b: RunDigest): boolean {
  return (
    a.state === b.state &&
    a.instanceKey === b.instanceKey &&
    a.orderedAt === b.orderedAt &&
    a.durationMs === b.durationMs
  );
}
