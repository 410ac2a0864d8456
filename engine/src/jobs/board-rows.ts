import { DEFAULT_TIER } from "../model/job.ts";
import type { JobSettings } from "../model/job-settings.ts";
import type { RunRow, TrendRow } from "../model/rows.ts";
import type { Progress } from "../model/run.ts";
import { medianTrend } from "../scoring/median-trend.ts";
import { currentStage } from "./current-stage.ts";
import type { Judgement } from "./judge.ts";
import { counterOf, messageOf } from "./run-columns.ts";
import { type DigestRing, durationOf, type Standing } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";

/** Characters of a message on a board row and an alert's card; the run page has all of it. */
const ROW_MESSAGE_LENGTH = 200;

export interface JobFace {
  readonly jobId: string;
  readonly name: string;
  readonly namespace: string;
  readonly teamId: string;
  readonly tier: number | null;
  readonly firstStep: string | null;
  readonly runbookUrl: string | null;
}

/** What people set goes before what facts say. */
export function faceAsSet(face: JobFace, settings: JobSettings): JobFace {
  const { name, namespace, tier, ownerTeamId, firstStep, runbookUrl } = settings;
  const teamId = ownerTeamId ?? face.teamId;
  return { ...face, name, namespace, tier, teamId, firstStep, runbookUrl };
}

export function sameFace(a: JobFace, b: JobFace): boolean {
  return (Object.keys(a) as (keyof JobFace)[]).every((key) => a[key] === b[key]);
}

/** What is wrong in the job's own words, as long as a row or a card has room for. */
export function shortMessageOf(run: RunSummary): string | null {
  return messageOf(run)?.slice(0, ROW_MESSAGE_LENGTH) ?? null;
}

/** What the newest fact says of its owner, where people set none. */
export function faceAsSaid(face: JobFace, teamId: string, settings: JobSettings | null): JobFace {
  if (face.teamId === teamId || (settings?.ownerTeamId ?? null) !== null) return face;
  return { ...face, teamId };
}

export function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The run's own progress, else its current stage's. */
export function progressOf(run: RunSummary): Progress | null {
  return run.progress?.value ?? currentStage(run)?.progress?.value ?? null;
}

export function progressView(progress: Progress | null): RunRow["progress"] {
  if (progress === null) return null;
  return { done: progress.done, total: progress.total ?? null, unit: progress.unit ?? null };
}

/** @param usualDurationMs of the job's successful runs */
export function runRow(
  job: JobFace,
  run: RunSummary,
  { attempt, clearedBy }: Standing,
  { state, evidence }: Pick<Judgement, "state" | "evidence">,
  usualDurationMs: number | null,
): RunRow {
  return {
    kind: "run",
    ...faceOf(job),
    key: `run:${run.executionId}`,
    executionId: run.executionId,
    runKey: run.runKey,
    state,
    attempt,
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
    message: shortMessageOf(run),
    clearedBy,
    usualDurationMs,
    occurrence: false,
    evidence,
  };
}

/** An expected occurrence that no run has taken [SCHED-5]. */
export function occurrenceRow(
  job: JobFace,
  occurrenceId: string,
  dueAt: number,
  { state, evidence, since }: Pick<Judgement, "state" | "evidence" | "since">,
  usualDurationMs: number | null,
): RunRow {
  const due = new Date(dueAt).toISOString();
  return {
    kind: "run",
    ...faceOf(job),
    key: `run:${occurrenceId}`,
    executionId: occurrenceId,
    runKey: `sched:${due}`,
    state,
    attempt: 1,
    businessDate: null,
    nominalAt: due,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    lastFactAt: isoOf(since) ?? due,
    stage: null,
    stageCount: 0,
    progress: null,
    rowsWritten: null,
    message: null,
    clearedBy: null,
    usualDurationMs,
    occurrence: true,
    evidence,
  };
}

/** Never first in a literal: what is added to a copy costs microseconds a field (V8 11). */
function faceOf(job: JobFace): Pick<RunRow, "jobId" | "jobName" | "namespace" | "teamId" | "tier"> {
  return {
    jobId: job.jobId,
    jobName: job.name,
    namespace: job.namespace,
    teamId: job.teamId,
    tier: job.tier ?? DEFAULT_TIER,
  };
}

export function trendRow(job: JobFace, ring: DigestRing): TrendRow {
  const durations = ring.successes.map(({ durationMs }) => durationMs);
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
