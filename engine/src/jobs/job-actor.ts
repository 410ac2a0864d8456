import type { Observation, PositionedRecord } from "../model/fact.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { RunColumns, TransitionRow, Unit } from "../ports/stores.ts";
import { faceAsSaid, faceAsSet, type JobFace, runRow, trendRow } from "./board-rows.ts";
import { joinFact } from "./join-fact.ts";
import { joinSummary } from "./join.ts";
import { JobHistory } from "./job-history.ts";
import { encodeJobState, type JobMemory, type JobStateTexts } from "./job-state.ts";
import type { JobWorld } from "./job-world.ts";
import { JobJudge } from "./job-judge.ts";
import { shownBefore } from "./judge.ts";
import {
  begins,
  forgettable,
  isOpen,
  isPlainProgress,
  isKnown,
  isShown,
  isUnderWay,
  type LiveRun,
  liveRun,
  savedForm,
  sameShown,
  sameStanding,
  textOf,
} from "./live-run.ts";
import { digestOf, DigestRing, type RunDigest, type Standing } from "./run-digest.ts";
import { emptySummary, type RunSummary } from "./run-summary.ts";
import { decodeSummary } from "./summary-codec.ts";
import { Unsettled } from "./unsettled.ts";
import { clockTransition, factTransition, isClockChange } from "./transitions.ts";

export type Effect = "progress" | "transition";

/**
 * The single owner of one job's hot state. Synchronous and free of I/O: a shard feeds it facts, asks it to judge
 * its runs when a deadline is due, takes the rows that changed for the board and the unit that must be saved.
 *
 * Memory holds the open runs, the last few ended ones and a ring of digests. When an older run is heard of
 * again, what is said of it is collected in an incomplete run that the store joins with what it holds
 * (`amend`); the answer completes it here.
 */
export class JobActor {
  readonly jobId: string;
  readonly partition: number;
  readonly sourceId: string;
  /** Its place in the shard's heap of deadlines; -1 while it has none. */
  heapIndex = -1;
  /** Deadline it is armed for, epoch ms. */
  armedAt: number = Number.POSITIVE_INFINITY;
  #face: JobFace;
  #firstSeenAt: number;
  #lastSeenAt: number;
  /** Some run of this job is only in the store: an unknown run may be one of them. */
  #forgotSome: boolean;
  readonly #runs = new Map<string, LiveRun>();
  readonly #ring: DigestRing;
  readonly #history: JobHistory;
  readonly #judge: JobJudge;
  readonly #changedRuns = new Set<string>();
  readonly #rowsDue = new Set<string>();
  #unsettled = new Unsettled();
  #nextAt = Number.POSITIVE_INFINITY;
  /** Rows of runs that are shown once and not kept. */
  #looseRows: RunRow[] = [];
  #trendDue = false;
  #transitions: TransitionRow[] = [];

  constructor(partition: number, memory: JobMemory, world: JobWorld) {
    this.partition = partition;
    this.jobId = memory.face.jobId;
    this.sourceId = memory.sourceId;
    this.#face = memory.face;
    this.#firstSeenAt = memory.firstSeenAt;
    this.#lastSeenAt = memory.lastSeenAt;
    this.#forgotSome = memory.forgotSome;
    this.#ring = new DigestRing(memory.digests);
    this.#history = new JobHistory(this.#ring);
    this.#judge = new JobJudge(this.jobId, this.sourceId, world, this.#ring, this.#history);
    for (const { summary, complete, shown } of memory.runs) {
      const judgement = shownBefore(summary, shown);
      this.#runs.set(summary.executionId, liveRun({ summary, complete, judgement }));
      if (!complete) this.#changedRuns.add(summary.executionId);
      if (!summary.historical) this.#rowsDue.add(summary.executionId);
    }
    this.#trendDue = memory.digests.length > 0;
  }

  /** When it must be judged again, epoch ms; infinite when only facts can change it. */
  get nextAt(): number {
    this.#settleRuns();
    return this.#nextAt;
  }

  /** Rows of it that are to be saved. */
  get unsaved(): number {
    return this.#changedRuns.size + this.#transitions.length;
  }

  /** Some of its runs cannot be judged before their source is heard of. */
  get waits(): boolean {
    this.#settleRuns();
    return this.#judge.waits || [...this.#runs.values()].some(({ judgement }) => judgement.waits);
  }

  /** Runs that have begun and not ended. */
  get openRuns(): number {
    return [...this.#runs.values()].filter(isUnderWay).length;
  }

  /** Time alone may change what is shown of it: a run has not ended, or a start is due. */
  get watched(): boolean {
    return this.#judge.expects || [...this.#runs.values()].some(isOpen);
  }

  apply(fact: Observation, record: PositionedRecord): Effect {
    const run = this.#runOf(fact);
    if (isShown(run) && isPlainProgress(fact, run)) {
      joinFact(run.summary, fact);
      this.#lastSeenAt = Math.max(this.#lastSeenAt, fact.occurredAt);
      this.#touch(run);
      return "progress";
    }
    const before = digestOf(run.summary);
    const wasHistory = run.summary.historical;
    const factId = joinFact(run.summary, fact);
    this.#firstSeenAt = Math.min(this.#firstSeenAt, fact.occurredAt);
    if (fact.occurredAt >= this.#lastSeenAt) {
      this.#face = faceAsSaid(this.#face, fact.teamId, this.#judge.settings);
      this.#lastSeenAt = fact.occurredAt;
    }
    this.#touch(run);
    if (factId !== null) this.#transitions.push(factTransition(fact, factId, record));
    if (!isShown(run)) return "transition";
    const after = digestOf(run.summary);
    if (sameStanding(before, after) && this.#ring.find(after.executionId) !== undefined) {
      const changed = this.#judgeRun(run);
      const quiet = factId === null && !changed && wasHistory === run.summary.historical;
      return quiet ? "progress" : "transition";
    }
    this.#settle(after);
    return "transition";
  }

  /** Judges everything by the clock and by what people set. Returns whether anything must be saved. */
  judge(): boolean {
    this.#settleRuns();
    this.#nextAt = Number.POSITIVE_INFINITY;
    let changed = false;
    for (const run of this.#runs.values()) {
      if (isShown(run) && this.#judgeRun(run)) changed = true;
    }
    this.#judgeExpected();
    return changed;
  }

  /** What people set on it changed: its name, owner and tier show at once. */
  configured(): boolean {
    const { settings } = this.#judge;
    if (settings !== null) {
      this.#face = faceAsSet(this.#face, settings);
      for (const run of this.#runs.values()) {
        if (!run.summary.historical) this.#rowsDue.add(run.summary.executionId);
      }
      this.#trendDue = true;
      this.#judge.refreshExpected();
    }
    return this.judge();
  }

  /** Rows that changed since the last call. Historical runs never reach the board. */
  takeRows(): BoardChange[] {
    this.#settleRuns();
    const rows: BoardChange[] = this.#looseRows;
    this.#looseRows = [];
    for (const executionId of this.#rowsDue) {
      const run = this.#runs.get(executionId);
      if (run === undefined || !isShown(run) || run.summary.historical) continue;
      rows.push(this.#rowOf(run));
    }
    this.#rowsDue.clear();
    rows.push(...this.#judge.takeExpectedRows(this.#face));
    const trend = this.#trendDue ? trendRow(this.#face, this.#ring) : null;
    if (trend !== null && trend.direction !== "LEARNING") rows.push(trend);
    this.#trendDue = false;
    return rows;
  }

  /** A stored run that the board may still show. An open one has clocks, so it is taken back into memory; of an ended one the row is enough. */
  recall(summary: RunSummary, standing: Standing): RunRow | null {
    if (summary.end === null) this.absorb([summary]);
    return this.rowOfForgotten(summary, standing);
  }

  /** The row of a stored run that memory has forgotten; null when it has not. */
  rowOfForgotten(summary: RunSummary, { attempt, clearedBy }: Standing): RunRow | null {
    if (this.#runs.has(summary.executionId) || summary.historical) return null;
    const run = liveRun({ summary, complete: true, judgement: this.#judge.run(summary) });
    return { ...this.#rowOf(run), attempt, clearedBy };
  }

  /** Rows of the open runs as memory knows them. */
  openRows(): RunRow[] {
    this.#settleRuns();
    return [...this.#runs.values()]
      .filter((run) => isShown(run) && isOpen(run))
      .map((run) => this.#rowOf(run));
  }

  /** Takes in stored runs that came to this job from outside: a rename moved them. All are shown as this job's. */
  absorb(summaries: readonly RunSummary[]): void {
    this.#forgotSome = true;
    for (const moved of summaries) {
      const run = liveRun({ summary: { ...moved, jobId: this.jobId }, complete: true });
      const digest = digestOf(run.summary);
      const known = this.#runs.get(digest.executionId);
      const kept = known !== undefined || run.summary.end === null;
      if (!isKnown(run, digest, known, this.#ring)) {
        if (known !== undefined) joinSummary(run.summary, known.summary);
        if (kept) this.#runs.set(digest.executionId, run);
        this.#settle(digestOf(run.summary));
        if (kept) this.#touch(run);
      }
      if (run.summary.historical) continue;
      if (kept) this.#rowsDue.add(digest.executionId);
      else {
        run.judgement = this.#judge.run(run.summary);
        this.#looseRows.push(this.#rowOf(run));
      }
    }
  }

  get face(): JobFace {
    return this.#face;
  }

  /** What must be saved now, and forgets that it must. `restore` undoes it when the save failed. */
  takeUnit(): Unit {
    this.#settleRuns();
    const changed = [...this.#changedRuns].flatMap((id) => this.#runs.get(id) ?? []);
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
        state: encodeJobState(this.#state()),
      },
      runs: changed.map((run) => savedForm(run, this.#ring)),
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
      const { judgement } = run;
      const completed = liveRun({ summary: whole, complete: true, judgement });
      this.#runs.set(executionId, completed);
      this.#touch(completed);
      this.#settle(digestOf(whole));
    }
    this.#settleRuns();
    if (unit.runs.length > 0) this.#forgetEnded();
  }

  /** Judges one run; returns whether its shown state changed by the clock, which must be saved. */
  #judgeRun(run: LiveRun): boolean {
    const { summary } = run;
    const before = run.judgement;
    run.judgement = this.#judge.run(summary);
    this.#nextAt = Math.min(this.#nextAt, run.judgement.nextAt);
    if (summary.historical) return false;
    if (!sameShown(before, run.judgement)) this.#rowsDue.add(summary.executionId);
    if (before.state === run.judgement.state) return false;
    this.#changedRuns.add(summary.executionId);
    if (isClockChange(before, run.judgement)) {
      const { knownUntil } = this.#judge;
      this.#transitions.push(clockTransition(summary, run.judgement, this.sourceId, knownUntil));
    }
    return true;
  }

  #judgeExpected(): void {
    this.#nextAt = Math.min(this.#nextAt, this.#judge.expected());
  }

  #rowOf(run: LiveRun): RunRow {
    const digest = digestOf(run.summary);
    run.standing ??= this.#ring.standingOf(digest);
    const usualMs = this.#history.usualMs(digest);
    return runRow(this.#face, run.summary, run.standing, run.judgement, usualMs);
  }

  #state(): JobStateTexts {
    return {
      forgotSome: this.#forgotSome,
      digests: this.#ring.text,
      runs: [...this.#runs.values()].map((run) => ({
        summary: textOf(run),
        complete: run.complete,
        shown: run.judgement.state,
      })),
    };
  }

  #runOf(fact: Observation): LiveRun {
    const known = this.#runs.get(fact.executionId);
    if (known !== undefined) return known;
    const remembered = this.#ring.find(fact.executionId) !== undefined;
    const summary = emptySummary(fact.executionId, this.jobId, fact.runKey);
    const complete = !remembered && !this.#forgotSome;
    const fresh = !complete && !remembered && begins(fact, this.#ring.items[0]);
    const run = liveRun({ summary, complete, fresh });
    this.#runs.set(fact.executionId, run);
    return run;
  }

  #touch(run: LiveRun): void {
    const { executionId, historical } = run.summary;
    run.text = null;
    this.#changedRuns.add(executionId);
    if (!historical) this.#rowsDue.add(executionId);
  }

  /** A run's standing changed: so may the attempts and cures of its instance, the job's trend, and what is usual. */
  #settle(digest: RunDigest): void {
    const known = this.#ring.find(digest.executionId);
    const isOther = (id: string) => id !== digest.executionId && !this.#runs.has(id);
    const before = this.#ring.standings([digest.instanceKey, known?.instanceKey], isOther);
    const fellOut = this.#ring.put(digest);
    if (fellOut) this.#forgotSome = true;
    this.#history.changed();
    this.#trendDue ||= fellOut || [digest, known].some((one) => one?.state === "succeeded");
    this.#unsettled.add(digest, known, fellOut);
    for (const [sibling, standing] of before) {
      if (JSON.stringify(this.#ring.standingOf(sibling)) !== standing)
        this.#recall(sibling.executionId);
    }
  }

  /** Looks again at the runs that a change of the job's past concerns. */
  #settleRuns(): void {
    const unsettled = this.#unsettled;
    if (!unsettled.some) return;
    this.#unsettled = new Unsettled();
    for (const run of this.#runs.values()) {
      run.standing = null;
      if (!isShown(run)) continue;
      const digest = digestOf(run.summary);
      if (unsettled.concerns(digest)) this.#touch(run);
      else if (unsettled.compares(digest, isOpen(run))) this.#rowsDue.add(digest.executionId);
      this.#judgeRun(run);
    }
    this.#judgeExpected();
  }

  /** Gets a forgotten run back: an amendment that says nothing is answered with all of it. */
  #recall(executionId: string): void {
    const summary = emptySummary(executionId, this.jobId, "");
    this.#runs.set(executionId, liveRun({ summary, complete: false }));
    this.#changedRuns.add(executionId);
  }

  /** Ended and saved runs beyond the newest few leave memory; so do the longest silent of too many open ones. */
  #forgetEnded(): void {
    const isSettled = ({ executionId }: RunSummary) =>
      !this.#changedRuns.has(executionId) && !this.#rowsDue.has(executionId);
    for (const executionId of forgettable(this.#runs, isSettled)) {
      this.#runs.delete(executionId);
      if (this.#ring.find(executionId) === undefined) this.#forgotSome = true;
    }
  }
}
