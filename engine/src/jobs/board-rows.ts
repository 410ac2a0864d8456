import { DEFAULT_TIER } from "../model/job.ts";
import type { RunRow, TrendRow } from "../model/rows.ts";
import type { Progress } from "../model/run.ts";
import { median, medianTrend, TREND_WINDOW_RUNS } from "../scoring/median-trend.ts";
import { counterOf, messageOf } from "./run-columns.ts";
import { digestOf, type DigestRing, durationOf, stateOf } from "./run-digest.ts";
import type { RunSummary, StageSummary } from "./run-summary.ts";

/** Characters of a message on a board row; the run page has all of it. */
const ROW_MESSAGE_LENGTH = 200;

export interface JobFace {
  readonly jobId: string;
  readonly name: string;
  readonly namespace: string;
  readonly teamId: string;
  readonly tier: number | null;
}

export function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The stage that is open now (the latest started), else the one that ended last. */
export function currentStage(run: RunSummary): StageSummary | null {
  let best: StageSummary | null = null;
  for (const stage of run.stages.values()) {
    if (best === null || isMoreCurrent(stage, best)) best = stage;
  }
  return best;
}

function isMoreCurrent(a: StageSummary, b: StageSummary): boolean {
  const aOpen = a.end === null;
  if (aOpen !== (b.end === null)) return aOpen;
  if (a.lastFactAt !== b.lastFactAt) return a.lastFactAt > b.lastFactAt;
  return (a.index ?? 0) > (b.index ?? 0);
}

/** The run's own progress, else its current stage's. */
export function progressOf(run: RunSummary): Progress | null {
  return run.progress?.value ?? currentStage(run)?.progress?.value ?? null;
}

export function progressView(progress: Progress | null): RunRow["progress"] {
  if (progress === null) return null;
  return { done: progress.done, total: progress.total ?? null, unit: progress.unit ?? null };
}

export function runRow(job: JobFace, run: RunSummary, ring: DigestRing): RunRow {
  const digest = digestOf(run);
  const message = messageOf(run);
  return {
    kind: "run",
    key: `run:${run.executionId}`,
    executionId: run.executionId,
    jobId: job.jobId,
    jobName: job.name,
    namespace: job.namespace,
    teamId: job.teamId,
    tier: job.tier ?? DEFAULT_TIER,
    runKey: run.runKey,
    state: stateOf(run),
    attempt: ring.attemptOf(digest),
    businessDate: run.businessDate?.value.day ?? null,
    nominalAt: isoOf(run.nominalAt?.value ?? run.scheduledAt),
    startedAt: isoOf(run.startedAt),
    endedAt: isoOf(run.end?.at ?? null),
    durationMs: durationOf(run),
    lastFactAt: new Date(run.lastFactAt).toISOString(),
    stage: currentStage(run)?.name ?? null,
    stageCount: run.stages.size,
    progress: progressView(progressOf(run)),
    rowsWritten: counterOf(run, "written"),
    message: message === null ? null : message.slice(0, ROW_MESSAGE_LENGTH),
    clearedBy: ring.clearedBy(digest),
    usualDurationMs: median(ring.successDurations(digest).slice(0, TREND_WINDOW_RUNS)),
    occurrence: false,
    evidence: [],
  };
}

export function trendRow(job: JobFace, ring: DigestRing): TrendRow {
  const durations = ring.successDurations();
  return {
    kind: "trend",
    key: `trend:${job.jobId}`,
    jobId: job.jobId,
    jobName: job.name,
    teamId: job.teamId,
    ...medianTrend(durations),
    successfulRuns: durations.length,
  };
}
