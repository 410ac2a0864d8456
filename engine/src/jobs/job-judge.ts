import { DEFAULT_CLOCKS, type JobSettings } from "../model/job-settings.ts";
import type { BoardChange } from "../model/rows.ts";
import type { JobFace } from "./board-rows.ts";
import { ExpectedStarts } from "./expected-starts.ts";
import { cadenceOf } from "../schedule/cadence.ts";
import type { JobHistory } from "./job-history.ts";
import type { JobWorld } from "./job-world.ts";
import { byFacts, judge, type Judgement } from "./judge.ts";
import { digestOf, type DigestRing, stateOf } from "./run-digest.ts";
import { type RunLimit, startGraceOf } from "./run-limits.ts";
import type { RunSummary } from "./run-summary.ts";

/** Judges one job's runs and expected starts with all that is known beside the facts. */
export class JobJudge {
  readonly #jobId: string;
  readonly #sourceId: string;
  readonly #world: JobWorld;
  readonly #ring: DigestRing;
  readonly #history: JobHistory;
  readonly #expected: ExpectedStarts;

  constructor(
    jobId: string,
    sourceId: string,
    world: JobWorld,
    ring: DigestRing,
    history: JobHistory,
  ) {
    this.#jobId = jobId;
    this.#sourceId = sourceId;
    this.#world = world;
    this.#ring = ring;
    this.#history = history;
    this.#expected = new ExpectedStarts(jobId);
  }

  get settings(): JobSettings | null {
    return this.#world.settingsOf(this.#jobId);
  }

  get knownUntil(): number | null {
    return this.#world.knownUntil;
  }

  /** An expected start cannot be judged before the source is heard of. */
  get waits(): boolean {
    return this.#expected.waits;
  }

  /** A start that nobody took is shown. */
  get expects(): boolean {
    return this.#expected.some;
  }

  run(summary: RunSummary): Judgement {
    const { settings, knownUntil: now } = this;
    const watched = settings === null || (settings.monitored && settings.lifecycle !== "RETIRED");
    // An ended run is judged by its facts and its job's past: no clock is needed.
    const canJudge = now !== null || summary.end !== null;
    if (!canJudge || !watched || summary.historical) return byFacts(stateOf(summary));
    const clocks = settings?.clocks ?? DEFAULT_CLOCKS;
    const digest = digestOf(summary);
    return judge(summary, {
      now: now ?? summary.lastFactAt,
      sourceId: this.#sourceId,
      clocks,
      startGrace: this.#startGrace,
      limits: this.#history.limits(digest, clocks),
      blind: this.#world.blind,
      attempt: this.#ring.attemptOf(digest),
      earlier: this.#ring.previousAttempt(digest),
    });
  }

  /** Judges what the schedule expects; returns when to do it again, epoch ms. */
  expected(): number {
    return this.#expected.judge({
      settings: this.settings,
      world: this.#world,
      sourceId: this.#sourceId,
      startGrace: this.#startGrace,
      runs: this.#ring.items,
    });
  }

  refreshExpected(): void {
    this.#expected.refresh();
  }

  takeExpectedRows(face: JobFace): BoardChange[] {
    return this.#expected.takeRows(face, this.#history.usualMs(null));
  }

  get #startGrace(): RunLimit {
    const { intervalMs } = this.#history;
    const cadence =
      this.settings?.cadence ?? (intervalMs === null ? "DAILY" : cadenceOf(intervalMs));
    return startGraceOf(this.settings?.clocks ?? DEFAULT_CLOCKS, cadence, intervalMs);
  }
}
