import type { Observation, PositionedRecord } from "../model/fact.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { RecentRun, RunColumns, TransitionRow, Unit } from "../ports/stores.ts";
import { isNothing, MAYBE_SAID } from "./alert-levels.ts";
import { isHeldAsStored } from "./as-stored.ts";
import { faceAsSaid, faceAsSet, type JobFace, sameFace } from "./board-rows.ts";
import { joinFact } from "./join-fact.ts";
import { joinSummary } from "./join.ts";
import {
  changedSince,
  failedLately,
  JobAlerts,
  openFailures,
  standingAsStored,
  standingsOf,
} from "./job-alerts.ts";
import { JobHistory } from "./job-history.ts";
import type { JobMemory } from "./job-state.ts";
import { JobRows } from "./job-rows.ts";
import { unitOf } from "./job-unit.ts";
import type { JobWorld } from "./job-world.ts";
import { JobJudge } from "./job-judge.ts";
import { sameShown, shownBefore } from "./judge.ts";
import {
  heardOf,
  isKnown,
  isOpen,
  isPlainProgress,
  isShown,
  type LiveRun,
  liveRun,
} from "./live-run.ts";
import { LiveRuns } from "./live-runs.ts";
import { digestOf, DigestRing, type RunDigest, sameStanding } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";
import { decodeSummary } from "./summary-codec.ts";
import { Unsettled } from "./unsettled.ts";
import { clockTransition, factTransition, isClockChange } from "./transitions.ts";

/** What a fact changed; `again`: only what is still to be shown and saved anyway. */
export type Effect = "again" | "progress" | "transition";

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
  readonly #runs = new LiveRuns();
  readonly #ring: DigestRing;
  readonly #history: JobHistory;
  readonly #judge: JobJudge;
  readonly #rows: JobRows;
  #unsettled: Unsettled | null = null;
  #nextAt = Number.POSITIVE_INFINITY;
  #transitions: TransitionRow[] = [];
  readonly #alerts: JobAlerts;
  /** Nothing was expected of it when it was judged last. */
  #unwatched: boolean;

  constructor(partition: number, memory: JobMemory, world: JobWorld) {
    this.partition = partition;
    this.jobId = memory.face.jobId;
    this.sourceId = memory.sourceId;
    this.#face = memory.face;
    this.#firstSeenAt = memory.firstSeenAt;
    this.#lastSeenAt = memory.lastSeenAt;
    this.#forgotSome = memory.forgotSome;
    this.#ring = new DigestRing(memory.digests, memory);
    this.#history = new JobHistory(this.#ring);
    const { jobId, sourceId } = this;
    this.#judge = new JobJudge(jobId, sourceId, world, this.#ring, this.#history, memory.missed);
    this.#rows = new JobRows(this.#runs, this.#ring, this.#history, this.#judge);
    this.#alerts = new JobAlerts(sourceId, this.#ring, this.#judge);
    this.#unwatched = memory.unwatched ?? false;
    for (const { shown, ...run } of memory.runs) {
      const live = liveRun({ ...run, judgement: shownBefore(run.summary, shown) });
      this.#runs.put(live);
      if (!run.complete || run.unsaved) this.#runs.mustSave(live);
      this.#rows.changed(live);
    }
    this.#rows.trendDue = memory.digests.length > 0;
  }

  /** When it must be judged again, epoch ms; infinite when only facts can change it. */
  get nextAt(): number {
    this.#settleRuns();
    return this.#nextAt;
  }

  /** Rows and alert levels of it that are to be saved; a change that was not looked at yet may make some. */
  get unsaved(): number {
    const unlooked = this.#unsettled === null ? 0 : 1;
    return this.#runs.unsaved + this.#transitions.length + this.#alerts.due + unlooked;
  }

  /** Some of its runs cannot be judged before their source is heard of. */
  get waits(): boolean {
    this.#settleRuns();
    return this.#judge.waits || this.#runs.waiting;
  }

  /** Runs that have begun and not ended. */
  get openRuns(): number {
    return this.#runs.underWay;
  }

  /** Time alone may change what is shown of it: a run has not ended, or a start is due. */
  get watched(): boolean {
    return this.#judge.expects || this.#runs.someOpen;
  }

  apply(fact: Observation, record: PositionedRecord): Effect {
    const run = this.#runOf(fact);
    if (isShown(run) && isPlainProgress(fact, run)) {
      joinFact(run.summary, fact, record.receivedAt);
      if (fact.occurredAt > this.#lastSeenAt) this.#lastSeenAt = fact.occurredAt;
      return this.#touch(run) ? "progress" : "again";
    }
    const before = digestOf(run.summary);
    const wasHistory = run.summary.historical;
    const factId = joinFact(run.summary, fact, record.receivedAt);
    this.#firstSeenAt = Math.min(this.#firstSeenAt, fact.occurredAt);
    if (fact.occurredAt >= this.#lastSeenAt) {
      this.#face = faceAsSaid(this.#face, fact.teamId, this.#judge.settings);
      this.#lastSeenAt = fact.occurredAt;
    }
    this.#touch(run);
    if (factId !== null) this.#transitions.push(factTransition(fact, factId, record));
    if (!isShown(run)) return "transition";
    const after = digestOf(run.summary);
    if (sameStanding(before, after) && this.#ring.has(after.executionId)) {
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
    let changed = this.#lookWhetherWatched();
    for (const run of this.#runs.values()) {
      if (isShown(run) && this.#judgeRun(run)) changed = true;
    }
    this.#judgeExpected();
    this.#rest();
    return changed || this.#alerts.due > 0;
  }

  /** What people set on it changed: its name, owner and tier show at once. */
  configured(): boolean {
    this.#judge.configured();
    const { settings } = this.#judge;
    if (settings !== null) {
      const before = this.#face;
      this.#face = faceAsSet(before, settings);
      const isOther = !sameFace(before, this.#face);
      for (const run of this.#runs.values()) {
        this.#rows.changed(run);
        if (isOther && !isNothing(run.said)) this.#runs.mustSave(run);
      }
      this.#rows.trendDue = true;
      this.#judge.refreshExpected(isOther);
    }
    return this.judge() || this.unsaved > 0;
  }

  /** It became part of another job: its runs are that one's, and nothing is expected under its own name any more. */
  leave(): void {
    this.#judge.leave();
    this.#judgeExpected();
  }

  /** Rows that changed since the last call. Historical runs never reach the board. */
  takeRows(): BoardChange[] {
    this.#settleRuns();
    const rows = this.#rows.take(this.#face);
    this.#rest();
    return rows;
  }

  /** A stored run that the board may still show. An open one has clocks, so it is taken back into memory; of an ended one the row is enough. */
  recall(stored: RecentRun): RunRow | null {
    if (isHeldAsStored(this.#runs.get(stored.executionId), stored)) return null;
    const summary = decodeSummary(stored.summary);
    this.#ring.keep(digestOf(summary), stored.attempt);
    if (summary.end === null) this.absorb([summary]);
    return this.#rows.ofForgotten(this.#face, summary, stored);
  }

  /** Rows of the open runs as memory knows them. */
  openRows(): RunRow[] {
    this.#settleRuns();
    return this.#rows.open(this.#face);
  }

  /** Takes in stored runs that came to this job from outside: a rename moved them. All are shown as this job's. */
  absorb(summaries: readonly RunSummary[]): void {
    this.#forgotSome = true;
    for (const moved of summaries) {
      const summary = { ...moved, jobId: this.jobId };
      const run = liveRun({ summary, complete: true, said: MAYBE_SAID });
      const digest = digestOf(run.summary);
      const known = this.#runs.get(digest.executionId);
      const kept = known !== undefined || run.summary.end === null;
      if (!isKnown(run, digest, known, this.#ring)) {
        if (known !== undefined) joinSummary(run.summary, known.summary);
        if (kept) this.#runs.put(run);
        this.#settle(digestOf(run.summary));
        if (kept) this.#touch(run);
        else if (run.summary.end?.state === "failed") this.#alerts.letGo(summary, this.#face);
      }
      if (kept) this.#rows.changed(this.#runs.get(digest.executionId) ?? run);
      else this.#rows.showForgotten(this.#face, run.summary);
    }
  }

  get face(): JobFace {
    return this.#face;
  }

  /** What must be saved now, and forgets that it must. `restore` undoes it when the save failed. */
  takeUnit(): Unit {
    this.#settleRuns();
    const changed = this.#runs.takeUnsaved();
    const alerts = this.#alerts.take(changed, this.#face);
    const unit = unitOf({
      job: this,
      changed,
      ring: this.#ring,
      neighboursOf: (run) => this.#rows.standingOf(run),
      seen: { firstSeenAt: this.#firstSeenAt, lastSeenAt: this.#lastSeenAt },
      runs: this.#runs,
      forgotSome: this.#forgotSome,
      missed: this.#judge.missed,
      unwatched: this.#unwatched,
      transitions: this.#transitions,
      alerts,
    });
    this.#transitions = [];
    this.#rest();
    return unit;
  }

  restore(unit: Unit): void {
    for (const { columns } of unit.runs) this.#runs.mustSave(this.#runs.get(columns.executionId));
    this.#transitions = [...unit.transitions, ...this.#transitions];
    this.#alerts.restore(unit.alerts ?? [], this.#runs);
  }

  /** After a commit: the store's joined form of an incomplete run, and room for ended ones is made. */
  saved(unit: Unit, amended: readonly { columns: RunColumns; summary: string }[]): void {
    const sent = new Map(unit.runs.map((run) => [run.columns.executionId, run.summary]));
    for (const { columns, summary } of amended) {
      const { executionId } = columns;
      const run = this.#runs.get(executionId);
      if (run === undefined || run.complete) continue;
      const whole = decodeSummary(summary);
      joinSummary(whole, run.summary);
      if (this.#ring.isTooOld(digestOf(whole)) && whole.end !== null) {
        // Its neighbours are forgotten too: only the store knows its standing. It is shown and let go.
        if (run.unsaved) continue;
        this.#runs.forget(executionId);
        this.#rows.showForgotten(this.#face, whole, columns);
        this.#alerts.letGo(whole, this.#face, standingAsStored(columns));
        continue;
      }
      this.#ring.keep(digestOf(whole), columns.attempt);
      // Where the store knew more of it, something may have been said of that.
      const said = { ...(sent.get(executionId) === summary ? {} : MAYBE_SAID), ...run.said };
      const completed = liveRun({ summary: whole, complete: true, judgement: run.judgement, said });
      this.#runs.put(completed);
      this.#touch(completed);
      this.#settle(digestOf(whole));
    }
    this.#settleRuns();
    if (unit.runs.length > 0) this.#forgetEnded();
    this.#rest();
  }

  /** Judges one run; returns whether its shown state changed by the clock, which must be saved. */
  #judgeRun(run: LiveRun): boolean {
    const { summary, judgement: before } = run;
    run.judgement = this.#judge.run(summary);
    this.#nextAt = Math.min(this.#nextAt, run.judgement.nextAt);
    if (summary.historical) return false;
    if (!sameShown(before, run.judgement)) this.#rows.changed(run);
    if (before.state === run.judgement.state && !this.#alerts.differs(run)) return false;
    this.#runs.mustSave(run);
    if (before.state !== run.judgement.state && isClockChange(before, run.judgement)) {
      const { knownUntil } = this.#judge;
      this.#transitions.push(clockTransition(summary, run.judgement, this.sourceId, knownUntil));
    }
    return true;
  }

  /** Nothing is asked of the job's past until it changes or a clock looks at it. */
  #rest(): void {
    this.#runs.rest();
    this.#history.rest();
  }

  #judgeExpected(): void {
    this.#nextAt = Math.min(
      this.#nextAt,
      this.#judge.expected((id) => this.#runs.begunAtOf(id)),
    );
  }

  /** Whether something is expected of it changed: alerts end, or what failed lately is said again [ALERT-7]. */
  #lookWhetherWatched(): boolean {
    const { watched, knownUntil } = this.#judge;
    if (knownUntil === null || watched !== this.#unwatched) return false;
    this.#unwatched = !watched;
    for (const id of watched ? failedLately(knownUntil, this.#ring) : openFailures(this.#ring)) {
      const run = this.#runs.get(id);
      if (run === undefined) this.#runs.recall(id, this.jobId);
      else this.#runs.mustSave(run);
    }
    return this.unsaved > 0;
  }

  #runOf(fact: Observation): LiveRun {
    const known = this.#runs.of(fact.executionId);
    if (known !== undefined) return known;
    const run = heardOf(fact, this.jobId, this.#ring, this.#forgotSome);
    this.#runs.put(run);
    return run;
  }

  /** Returns whether that was not to be shown and saved already. */
  #touch(run: LiveRun): boolean {
    run.text = null;
    if (run.unsaved && run.rowDue) return false;
    this.#runs.mustSave(run);
    this.#rows.changed(run);
    return true;
  }

  /** A run's standing changed: so may the attempts and cures of its instance, the job's trend, and what is usual. */
  #settle(digest: RunDigest): void {
    const known = this.#ring.find(digest.executionId);
    const isOther = (id: string) => id !== digest.executionId && !this.#runs.has(id);
    const instances = new Set([digest.instanceKey, known?.instanceKey ?? digest.instanceKey]);
    const before = standingsOf(this.#ring, instances, isOther);
    const fellOut = this.#ring.put(digest);
    if (fellOut) this.#forgotSome = true;
    this.#history.changed();
    this.#rows.trendDue ||= fellOut || [digest, known].some((one) => one?.state === "succeeded");
    this.#unsettled ??= new Unsettled();
    this.#unsettled.add(digest, known, fellOut);
    for (const sibling of changedSince(before, standingsOf(this.#ring, instances, isOther))) {
      this.#runs.recall(sibling, this.jobId);
    }
  }

  /** Looks again at the runs that a change of the job's past concerns. */
  #settleRuns(): void {
    const unsettled = this.#unsettled;
    if (unsettled === null) return;
    this.#unsettled = null;
    for (const run of this.#runs.values()) {
      run.standing = null;
      if (!isShown(run)) continue;
      const digest = digestOf(run.summary);
      if (unsettled.concerns(digest)) this.#touch(run);
      else if (unsettled.compares(digest, isOpen(run))) this.#rows.changed(run);
      this.#judgeRun(run);
    }
    this.#judgeExpected();
  }

  /** Ended and saved runs beyond the newest few leave memory; so do the longest silent of too many open ones. */
  #forgetEnded(): void {
    for (const executionId of this.#runs.forgetEnded()) {
      if (!this.#ring.has(executionId)) this.#forgotSome = true;
    }
  }
}
