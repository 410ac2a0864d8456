import { DEFAULT_CLOCKS, type JobSettings } from "../model/job-settings.ts";
import type { AlertLevel } from "../model/alert.ts";
import type { BoardChange } from "../model/rows.ts";
import type { JobFace } from "./board-rows.ts";
import { type ExpectedContext, ExpectedStarts } from "./expected-starts.ts";
import { cadenceOf } from "../schedule/cadence.ts";
import type { JobHistory } from "./job-history.ts";
import type { JobWorld } from "./job-world.ts";
import { byFacts, judge, type Judgement } from "./judge.ts";
import { digestOf, type DigestRing, stateOf } from "./run-digest.ts";
import type { MissedSlots } from "./missed-starts.ts";
import { type RunLimit, startGraceOf } from "./run-limits.ts";
import type { RunSummary } from "./run-summary.ts";

/** Judges one job's runs and expected starts with all that is known beside the facts. */
export class JobJudge {
  readonly #jobId: string;
  readonly #sourceId: string;
  readonly #world: JobWorld;
  readonly #ring: DigestRing;
  readonly #history: JobHistory;
  /** Null until the job has a schedule. */
  #expected: ExpectedStarts | null;
  #settings: JobSettings | null | undefined;
  #left = false;

  /** @param missed expected starts that were said to be missed; null: not known */
  constructor(
    jobId: string,
    sourceId: string,
    world: JobWorld,
    ring: DigestRing,
    history: JobHistory,
    missed: MissedSlots | null = [],
  ) {
    this.#jobId = jobId;
    this.#sourceId = sourceId;
    this.#world = world;
    this.#ring = ring;
    this.#history = history;
    this.#expected = missed?.length === 0 ? null : new ExpectedStarts(jobId, missed);
  }

  /** What people set on the job; looked up once, and again when that changes. */
  get settings(): JobSettings | null {
    if (this.#settings === undefined) this.#settings = this.#world.settingsOf(this.#jobId);
    return this.#settings;
  }

  configured(): void {
    this.#settings = undefined;
  }

  get knownUntil(): number | null {
    return this.#world.knownUntil;
  }

  /** Something is expected of the job [CLOCK-10]. */
  get watched(): boolean {
    const { settings } = this;
    return settings === null || (settings.monitored && settings.lifecycle !== "RETIRED");
  }

  get startGraceMs(): number {
    return this.#startGrace.ms;
  }

  /** It became part of another job: nothing is expected under its own name any more. */
  leave(): void {
    this.#left = true;
  }

  get left(): boolean {
    return this.#left;
  }

  /** An expected start cannot be judged before the source is heard of. */
  get waits(): boolean {
    return this.#expected?.waits ?? false;
  }

  /** A start that nobody took is shown. */
  get expects(): boolean {
    return this.#expected?.some ?? false;
  }

  run(summary: RunSummary): Judgement {
    const { settings, knownUntil: now } = this;
    // An ended run is judged by its facts and its job's past: no clock is needed.
    const canJudge = now !== null || summary.end !== null;
    if (!canJudge || !this.watched || summary.historical) return byFacts(stateOf(summary));
    const clocks = settings?.clocks ?? DEFAULT_CLOCKS;
    const digest = digestOf(summary);
    return judge(summary, {
      now: now ?? summary.lastFactAt,
      sourceId: this.#sourceId,
      clocks,
      startGrace: () => this.#startGrace,
      limits: this.#history.limits(digest, clocks),
      blind: this.#world.blind,
      attempt: this.#ring.attemptOf(digest),
      earlier: this.#ring.previousAttempt(digest),
    });
  }

  /** Judges what the schedule expects; returns when to do it again, epoch ms. */
  expected(begunAtOf: ExpectedContext["begunAtOf"]): number {
    if (this.#expected === null) {
      if ((this.settings?.schedule ?? null) === null) return Number.POSITIVE_INFINITY;
      this.#expected = new ExpectedStarts(this.#jobId, []);
    }
    return this.#expected.judge({
      settings: this.settings,
      world: this.#world,
      sourceId: this.#sourceId,
      startGrace: this.#startGrace,
      runs: this.#ring.items,
      runsChanged: this.#ring.changes,
      watched: this.watched && !this.#left,
      begunAtOf,
    });
  }

  /** Levels of the expected starts that a unit must say. */
  get expectedDue(): number {
    return this.#expected?.due ?? 0;
  }

  get missed(): MissedSlots {
    return this.#expected?.missed ?? [];
  }

  takeExpectedLevels(face: JobFace): AlertLevel[] {
    return this.#expected?.takeLevels(face, this.#sourceId) ?? [];
  }

  restoreExpectedLevels(): void {
    this.#expected?.restoreLevels();
  }

  refreshExpected(said: boolean): void {
    this.#expected?.refresh(said);
  }

  takeExpectedRows(face: JobFace): BoardChange[] {
    if (this.#expected?.rowsDue !== true) return [];
    return this.#expected.takeRows(face, this.#history.usualMs(null));
  }

  get #startGrace(): RunLimit {
    const { intervalMs } = this.#history;
    const cadence =
      this.settings?.cadence ?? (intervalMs === null ? "DAILY" : cadenceOf(intervalMs));
    return startGraceOf(this.settings?.clocks ?? DEFAULT_CLOCKS, cadence, intervalMs);
  }
}
