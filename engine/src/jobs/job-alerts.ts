import type { AlertLevel } from "../model/alert.ts";
import { FAILED_SHOWN_MS } from "../model/limits.ts";
import type { RunState } from "../model/run.ts";
import type { RunColumns } from "../ports/stores.ts";
import {
  type AlertStanding,
  cardOf,
  differs,
  isNothing,
  levelsOf,
  MAYBE_SAID,
  PERHAPS,
  RUN_RULES,
  type RunRule,
  saidAfter,
  verdictsOf,
  type Verdicts,
} from "./alert-levels.ts";
import type { JobFace } from "./board-rows.ts";
import type { JobJudge } from "./job-judge.ts";
import { isShown, type LiveRun, liveRun } from "./live-run.ts";
import {
  digestOf,
  type DigestRing,
  isCleared,
  type RunDigest,
  type Sibling,
} from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";

/** States in which a rule may hold. */
const TROUBLED: ReadonlySet<RunState> = new Set<RunState>(["failed", "late", "stalled"]);

/**
 * What a job's units say of alerts. Levels, not edges: whatever holds is said with every unit that its run is in;
 * that it ceased to hold is said once, and only where it was said to hold or may have been, so that a run in which
 * nothing goes wrong says nothing at all [ALERT-6].
 */
export class JobAlerts {
  readonly #sourceId: string;
  readonly #ring: DigestRing;
  readonly #judge: JobJudge;
  /** Of runs that memory does not keep. */
  #loose: AlertLevel[] = [];
  /** Of these, what the unit that is under way says. */
  #looseTaken: AlertLevel[] = [];

  constructor(sourceId: string, ring: DigestRing, judge: JobJudge) {
    this.#sourceId = sourceId;
    this.#ring = ring;
    this.#judge = judge;
  }

  /** Levels that a unit must say and no run in it says. */
  get due(): number {
    return this.#loose.length + this.#judge.expectedDue;
  }

  /** Time or a setting changed what is to be said of this run. */
  differs(run: LiveRun): boolean {
    return this.#concerns(run) && isShown(run) && differs(run.said, this.#verdicts(run));
  }

  /** What is to be said of these runs and of everything that waits; it counts as said from now on. */
  take(runs: readonly LiveRun[], face: JobFace): AlertLevel[] {
    const levels: AlertLevel[] = [];
    for (const run of runs) {
      if (!isShown(run) || !this.#concerns(run) || this.#judge.left) continue;
      const verdicts = this.#verdicts(run);
      levels.push(...this.#levels(run, verdicts, face, this.#standing(run)));
      run.said = saidAfter(run.said, verdicts);
    }
    this.#looseTaken = this.#loose;
    this.#loose = [];
    levels.push(...this.#looseTaken, ...this.#judge.takeExpectedLevels(face));
    return levels;
  }

  /** The unit that said these was not saved. */
  restore(levels: readonly AlertLevel[], runs: ReadonlyMap<string, LiveRun>): void {
    for (const { holds, rule, subject } of levels) {
      const run = runs.get(subject);
      if (holds || run === undefined || !isRunRule(rule)) continue;
      run.said = { ...run.said, [rule]: PERHAPS };
    }
    this.#loose = [...this.#looseTaken, ...this.#loose];
    this.#looseTaken = [];
    this.#judge.restoreExpectedLevels();
  }

  /** Says once what there is to say of a run that memory lets go. Its own attempts may be forgotten too: `standing` is the store's. */
  letGo(summary: RunSummary, face: JobFace, standing?: AlertStanding): void {
    const judgement = this.#judge.run(summary);
    const run = liveRun({ summary, complete: true, judgement, said: MAYBE_SAID });
    const known = standing ?? this.#standing(run);
    this.#loose.push(...this.#levels(run, this.#verdicts(run, known), face, known));
  }

  #concerns(run: LiveRun): boolean {
    return !isNothing(run.said) || TROUBLED.has(run.judgement.state);
  }

  #levels(
    { summary, judgement, said }: LiveRun,
    verdicts: Verdicts,
    face: JobFace,
    standing: AlertStanding,
  ): AlertLevel[] {
    return levelsOf(summary.executionId, said, verdicts, () =>
      cardOf(face, this.#sourceId, summary, standing, judgement),
    );
  }

  #verdicts({ summary, judgement }: LiveRun, standing?: AlertStanding): Verdicts {
    const { watched, knownUntil, startGraceMs } = this.#judge;
    return verdictsOf(summary, {
      judgement,
      standing: standing ?? alertStandingOf(this.#ring, digestOf(summary)),
      startGraceMs,
      watched,
      knownUntil,
    });
  }

  #standing({ summary }: LiveRun): AlertStanding {
    const standing = alertStandingOf(this.#ring, digestOf(summary));
    const { recovering } = standing;
    const budgetMs = this.#judge.settings?.clocks.runBudgetMs ?? null;
    if (recovering === null || budgetMs === null) return standing;
    return { ...standing, recovering: { ...recovering, budgetMs } };
  }
}

/** What the other attempts that a job remembers say of a run. */
function alertStandingOf(ring: DigestRing, digest: RunDigest): AlertStanding {
  const cure = ring.cureOf(digest);
  const later = digest.state === "failed" && cure === null ? ring.underWayAfter(digest) : null;
  return {
    attempt: ring.attemptOf(digest),
    curedAt: cure === null ? null : endOf(cure),
    recovering:
      later === null
        ? null
        : {
            executionId: later.executionId,
            attempt: ring.attemptOf(later),
            startedAt: later.orderedAt,
          },
  };
}

/** The same of a run whose attempts only the store remembers. */
export function standingAsStored({
  attempt,
  clearedBy,
  lastFactAt,
}: Pick<RunColumns, "attempt" | "clearedBy" | "lastFactAt">): AlertStanding {
  return { attempt, curedAt: clearedBy === null ? null : lastFactAt, recovering: null };
}

/** All that a run's row and its alerts show of its neighbours, to compare. */
function shownOf({ digest, attempt, cure, underWay }: Sibling): readonly unknown[] {
  const later = digest.state === "failed" && cure === null ? underWay : null;
  return [
    attempt,
    isCleared(digest) ? cure?.executionId : undefined,
    later?.digest.executionId,
    later?.attempt,
    later?.digest.orderedAt,
  ];
}

/** The same of those remembered runs of these instances that are asked for, by id. */
export function standingsOf(
  ring: DigestRing,
  instanceKeys: ReadonlySet<string>,
  wanted: (executionId: string) => boolean,
): ReadonlyMap<string, readonly unknown[]> {
  const standings = new Map<string, readonly unknown[]>();
  for (const instanceKey of instanceKeys) {
    for (const sibling of ring.siblingsOf(instanceKey)) {
      const { executionId } = sibling.digest;
      if (wanted(executionId)) standings.set(executionId, shownOf(sibling));
    }
  }
  return standings;
}

/** Those of them that the job says something else of now. What fell out meanwhile stays what it was [RUN-6]. */
export function changedSince(
  before: ReturnType<typeof standingsOf>,
  after: ReturnType<typeof standingsOf>,
): readonly string[] {
  const changed: string[] = [];
  for (const [executionId, standing] of after) {
    const known = before.get(executionId);
    if (known !== undefined && standing.some((one, at) => one !== known[at]))
      changed.push(executionId);
  }
  return changed;
}

/** Remembered runs that failed so lately that the board still shows them. */
export function failedLately(now: number, ring: DigestRing): readonly string[] {
  return ring.items
    .filter((item) => item.state === "failed" && endOf(item) > now - FAILED_SHOWN_MS)
    .map(({ executionId }) => executionId);
}

/** Remembered runs that failed and that no later attempt has cured. */
export function openFailures(ring: DigestRing): readonly string[] {
  return ring.items
    .filter((item) => item.state === "failed" && ring.cureOf(item) === null)
    .map(({ executionId }) => executionId);
}

function endOf({ durationMs, orderedAt, lastFactAt }: RunDigest): number {
  return durationMs === null ? lastFactAt : orderedAt + durationMs;
}

function isRunRule(rule: string): rule is RunRule {
  return (RUN_RULES as readonly string[]).includes(rule);
}
