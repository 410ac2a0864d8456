import type { Evidence } from "../model/evidence.ts";
import type { ClockSettings } from "../model/job-settings.ts";
import type { RunState } from "../model/run.ts";
import { rhythmLimit } from "../scoring/rhythm.ts";
import type { BlindTimes } from "./blind-times.ts";
import { gapsOf } from "./commits.ts";
import { currentStage } from "./current-stage.ts";
import { durationOf, type RunDigest, stateOf } from "./run-digest.ts";
import type { RunLimit, RunLimits } from "./run-limits.ts";
import type { RunSummary, StageSummary } from "./run-summary.ts";

/** A rhythm never makes a silence shorter than this stand out, ms [CLOCK-4]. */
const HEARTBEAT_FLOOR_MS: number = 5 * 60_000;
/** An open run that no clock watches is unknown after this silence, ms [CLOCK-7]. */
const SILENT_AFTER_MS = 60 * 60_000;

/** Everything beside a run's own facts that its shown state depends on [CLOCK-1]. */
export interface JudgeContext {
  /** Up to when everything is known, epoch ms. */
  readonly now: number;
  readonly sourceId: string;
  readonly clocks: ClockSettings;
  readonly startGrace: () => RunLimit;
  readonly limits: RunLimits;
  readonly blind: BlindTimes;
  readonly attempt: number;
  /** The attempt before this one of the same instance. */
  readonly earlier: RunDigest | null;
}

export interface Judgement {
  readonly state: RunState;
  readonly evidence: readonly Evidence[];
  /** When the state may change by time alone; infinite when it cannot. Epoch ms. */
  readonly nextAt: number;
  /** When it came to be in this state, where a clock says so; null where facts do. Epoch ms. */
  readonly since: number | null;
  /** It waits for a source to be heard of again. */
  readonly waits: boolean;
}

const NEVER = Number.POSITIVE_INFINITY;

/** A run's shown state at `now`: pure, so that any order of facts gives the same [I2]. */
export function judge(run: RunSummary, context: JudgeContext): Judgement {
  const state = stateOf(run);
  switch (state) {
    case "running":
      return judgeRunning(run, context);
    case "scheduled":
      return judgeExpected(expectedAtOf(run), true, {
        now: context.now,
        sourceId: context.sourceId,
        startGrace: context.startGrace(),
        blind: context.blind,
      });
    case "succeeded":
      return byFacts(state, tooShort(run, context.limits));
    default:
      return byFacts(state, []);
  }
}

/** When an announced run should begin, epoch ms. */
export function expectedAtOf(run: RunSummary): number {
  return run.nominalAt?.value ?? run.scheduledAt ?? run.firstFactAt;
}

/** What facts alone say: of a job without clocks, or while nothing may be judged. */
export function byFacts(state: RunState, evidence: readonly Evidence[] = NO_EVIDENCE): Judgement {
  if (evidence.length === 0) return BY_FACTS[state];
  return { state, evidence, nextAt: NEVER, since: null, waits: false };
}

const NO_EVIDENCE: readonly Evidence[] = [];

function plain(state: RunState): Judgement {
  return { state, evidence: NO_EVIDENCE, nextAt: NEVER, since: null, waits: false };
}

/** Most runs are judged so: each in an object that all share. */
const BY_FACTS: Readonly<Record<RunState, Judgement>> = {
  scheduled: plain("scheduled"),
  late: plain("late"),
  running: plain("running"),
  stalled: plain("stalled"),
  recovering: plain("recovering"),
  succeeded: plain("succeeded"),
  failed: plain("failed"),
  stopped: plain("stopped"),
  unknown: plain("unknown"),
};

export function sameShown(a: Judgement, b: Judgement): boolean {
  if (a.state !== b.state) return false;
  if (a.evidence.length === 0 && b.evidence.length === 0) return true;
  return JSON.stringify(a.evidence) === JSON.stringify(b.evidence);
}

/** As it was shown when its job was saved, until it is judged again. */
export function shownBefore(run: RunSummary, shown: RunState | undefined): Judgement {
  const byItself = stateOf(run);
  if (shown === undefined || shown === byItself) return byFacts(byItself);
  return { ...byFacts(shown), since: run.lastFactAt };
}

/** Something that should begin at `expectedAt` and has not [CLOCK-3]. `announced`: the source itself said so. */
export function judgeExpected(
  expectedAt: number,
  announced: boolean,
  {
    now,
    sourceId,
    startGrace,
    blind,
  }: Pick<JudgeContext, "now" | "sourceId" | "blind"> & { readonly startGrace: RunLimit },
): Judgement {
  const deadline = expectedAt + startGrace.ms;
  if (now < deadline) return { ...byFacts("scheduled"), nextAt: deadline };
  const unseen = blind.at(deadline, now, sourceId);
  if (unseen !== null) return blinded(unseen.interval, unseen.resumesAt, deadline);
  const evidence: Evidence = {
    code: "not-started",
    expectedAt: iso(expectedAt),
    graceMs: startGrace.ms,
    graceOrigin: startGrace.origin,
    announced,
  };
  return { ...byFacts("late", [evidence]), since: deadline };
}

function judgeRunning(run: RunSummary, context: JudgeContext): Judgement {
  const { now, sourceId, limits, blind, clocks } = context;
  const attempt = newAttempt(context);
  const silence = blind.silence(sourceId);
  if (silence !== null) {
    return withMore(blinded(silence, NEVER, silence.from), attempt);
  }
  const heartbeat = heartbeatOf(run, clocks, now);
  const budgetAt =
    limits.budget === null || run.startedAt === null ? NEVER : run.startedAt + limits.budget.ms;
  const passed = [heartbeat?.deadline ?? NEVER, budgetAt].filter((at) => at <= now);
  for (const deadline of passed) {
    const unseen = blind.at(deadline, now, sourceId);
    if (unseen !== null) {
      return withMore(blinded(unseen.interval, unseen.resumesAt, deadline), attempt);
    }
  }
  const over = budgetAt <= now ? overBudget(limits) : [];
  if (heartbeat !== null && heartbeat.deadline <= now) {
    const { deadline, evidence } = heartbeat;
    return { ...byFacts("stalled", [evidence, ...over, ...attempt]), since: deadline };
  }
  const budgetWatches = budgetAt !== NEVER && budgetAt > now;
  const unwatchedAt =
    heartbeat === null && !budgetWatches
      ? heardAt(run, run.lastFactAt, now) + SILENT_AFTER_MS
      : NEVER;
  if (unwatchedAt <= now) {
    const unseen = blind.at(unwatchedAt, now, sourceId);
    if (unseen !== null) {
      return withMore(blinded(unseen.interval, unseen.resumesAt, unwatchedAt), attempt);
    }
    const evidence: Evidence = { code: "silent", lastFactAt: iso(run.lastFactAt) };
    return { ...byFacts("unknown", [evidence, ...over, ...attempt]), since: unwatchedAt };
  }
  // A rhythm may begin or quicken with the next commits; none of them can be overdue sooner than the floor.
  const rhythmAt = now + HEARTBEAT_FLOOR_MS;
  const nextAt = Math.min(
    heartbeat?.deadline ?? NEVER,
    budgetWatches ? budgetAt : NEVER,
    unwatchedAt,
    rhythmAt,
  );
  const state = attempt.length > 0 ? "recovering" : "running";
  return { ...byFacts(state, [...over, ...attempt]), nextAt };
}

interface Heartbeat {
  readonly deadline: number;
  readonly evidence: Evidence;
}

/** The clock of a running stage: set, or learned from the stage's own commits; null when neither is there [CLOCK-4]. */
function heartbeatOf(run: RunSummary, clocks: ClockSettings, now: number): Heartbeat | null {
  const stage = currentStage(run);
  if (clocks.heartbeatMs !== null) {
    return {
      deadline: heardAt(run, run.lastFactAt, now) + clocks.heartbeatMs,
      evidence: {
        code: "standing-still",
        stage: stage?.name ?? null,
        lastCommitAt: iso(run.lastFactAt),
        usualGapMs: null,
        limitMs: clocks.heartbeatMs,
        limitOrigin: "SET",
      },
    };
  }
  if (stage !== null && stage.end !== null) return null;
  const commits = stage?.commits ?? run.commits;
  const lastCommitAt = commits.at(-1);
  const rhythm = rhythmLimit(gapsOf(commits), HEARTBEAT_FLOOR_MS);
  if (rhythm === null || lastCommitAt === undefined) return null;
  const movedAt = Math.max(lastCommitAt, lastChangeBeside(stage, run));
  return {
    deadline: heardAt(run, movedAt, now) + rhythm.limitMs,
    evidence: {
      code: "standing-still",
      stage: stage?.name ?? null,
      lastCommitAt: iso(lastCommitAt),
      usualGapMs: rhythm.usualGapMs,
      limitMs: rhythm.limitMs,
      limitOrigin: "LEARNED",
    },
  };
}

/**
 * When a sign of life was given by our clock, epoch ms: a producer whose clock is behind, or that is behind with its sending, is as
 * far behind with each of them [CLOCK-4]. A receipt that is ahead of now was told by a clock that had leapt, and says nothing.
 */
function heardAt({ lagMs, lastFactAt }: RunSummary, occurredAt: number, now: number): number {
  const lag = lagMs ?? 0;
  return lastFactAt + lag > now ? occurredAt : occurredAt + lag;
}

/** When another stage of the run began or ended last: a stage whose end nobody tells of is no standstill then. Epoch ms. */
function lastChangeBeside(stage: StageSummary | null, { stages }: RunSummary): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const other of stages.values()) {
    if (other !== stage) last = Math.max(last, other.startedAt ?? last, other.end?.at ?? last);
  }
  return last;
}

/** [CLOCK-9] */
function newAttempt({ attempt, earlier }: JudgeContext): readonly Evidence[] {
  if (earlier === null || (earlier.state !== "failed" && earlier.state !== "stopped")) return [];
  return [
    {
      code: "new-attempt",
      attempt,
      earlierExecutionId: earlier.executionId,
      earlierState: earlier.state,
    },
  ];
}

function overBudget({ budget, usualMs }: RunLimits): readonly Evidence[] {
  if (budget === null) return [];
  return [{ code: "over-budget", budgetMs: budget.ms, budgetOrigin: budget.origin, usualMs }];
}

function tooShort(run: RunSummary, { minimum, usualMs }: RunLimits): readonly Evidence[] {
  const durationMs = durationOf(run);
  if (minimum === null || durationMs === null || durationMs >= minimum.ms) return [];
  return [{ code: "too-short", minimumMs: minimum.ms, minimumOrigin: minimum.origin, usualMs }];
}

function blinded(
  {
    reason,
    from,
    until,
  }: { reason: Extract<Evidence, { code: "blind" }>["reason"]; from: number; until: number | null },
  resumesAt: number,
  since: number,
): Judgement {
  const evidence: Evidence = {
    code: "blind",
    reason,
    from: iso(from),
    until: until === null ? null : iso(until),
  };
  return { state: "unknown", evidence: [evidence], nextAt: resumesAt, since, waits: true };
}

function withMore(judgement: Judgement, more: readonly Evidence[]): Judgement {
  return more.length === 0
    ? judgement
    : { ...judgement, evidence: [...judgement.evidence, ...more] };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
