import type {
  AlertCard,
  AlertEnding,
  AlertLevel,
  RecoveringAttempt,
  RuleName,
} from "../model/alert.ts";
import type { Evidence } from "../model/evidence.ts";
import { DEFAULT_TIER } from "../model/job.ts";
import { type JobFace, shortMessageOf } from "./board-rows.ts";
import { currentStage } from "./current-stage.ts";
import { expectedAtOf, type Judgement } from "./judge.ts";
import { instanceKeyOf, stateOf } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";

/** Rules that hold for single runs. */
export type RunRule = Extract<RuleName, "failed" | "missed" | "stalled">;
export const RUN_RULES: readonly RunRule[] = ["failed", "missed", "stalled"];

/** What was said to hold of a run and was not said to have ended, each since when (epoch ms). */
export type Said = Readonly<Partial<Record<RunRule, number>>>;

export const NOTHING_SAID: Said = {};
/** Stands where only the store knows since when, or whether at all. */
export const PERHAPS = -1;
/** Of a run that memory had forgotten. */
export const MAYBE_SAID: Said = { failed: PERHAPS, missed: PERHAPS, stalled: PERHAPS };

export type Verdict =
  | { readonly holds: true; readonly since: number }
  | { readonly holds: false; readonly since: number; readonly ending: AlertEnding };

/** A rule that is missing here is not known to hold or not: nothing is said, the last word stands [ALERT-1]. */
export type Verdicts = Readonly<Partial<Record<RunRule, Verdict>>>;

/** What the other attempts of its instance say of a run. */
export interface AlertStanding {
  readonly attempt: number;
  /** When a later attempt succeeded; null while none has. Epoch ms. */
  readonly curedAt: number | null;
  /** A later attempt that is under way; only of a failed run. */
  readonly recovering: RecoveringAttempt | null;
}

/** Everything beside a run's own facts that its levels depend on. */
export interface LevelContext {
  readonly judgement: Judgement;
  readonly standing: AlertStanding;
  readonly startGraceMs: number;
  /** Something is expected of the job: it is monitored and not retired. */
  readonly watched: boolean;
  /** Up to when everything is known; null while no clock may judge [CLOCK-2]. Epoch ms. */
  readonly knownUntil: number | null;
}

/** What each rule says of a run: pure, so that any order of facts gives the same at the same time [ALERT-2, I2]. */
export function verdictsOf(run: RunSummary, context: LevelContext): Verdicts {
  if (run.historical) return {};
  const { watched, knownUntil } = context;
  if (!watched) {
    if (knownUntil === null) return {};
    const retired: Verdict = { holds: false, since: knownUntil, ending: "retired" };
    return { failed: retired, missed: retired, stalled: retired };
  }
  const cure = cured(context.standing);
  const stalled = cure ?? stalledVerdict(run, context);
  const missed = cure ?? missedVerdict(run, context);
  return {
    failed: failedVerdict(run, cure),
    ...(missed === null ? {} : { missed }),
    ...(stalled === null ? {} : { stalled }),
  };
}

/** A later attempt of the same instance that succeeded ends whatever was said of this one [ALERT-3, ALERT-4, ALERT-5]. */
function cured({ curedAt }: AlertStanding): Verdict | null {
  return curedAt === null ? null : { holds: false, since: curedAt, ending: "cleared" };
}

/** [ALERT-3] */
function failedVerdict(run: RunSummary, cure: Verdict | null): Verdict {
  if (run.end?.state === "failed") return cure ?? { holds: true, since: run.end.at };
  return { holds: false, since: run.end?.at ?? run.lastFactAt, ending: "retracted" };
}

/** [ALERT-5] */
function stalledVerdict(run: RunSummary, { judgement, knownUntil }: LevelContext): Verdict | null {
  if (run.end !== null) return { holds: false, since: run.end.at, ending: "cleared" };
  if (knownUntil === null || judgement.waits) return null;
  if (judgement.state !== "stalled") {
    return { holds: false, since: run.lastFactAt, ending: "cleared" };
  }
  return { holds: true, since: judgement.since ?? run.lastFactAt };
}

/** [ALERT-4] */
function missedVerdict(
  run: RunSummary,
  { judgement, knownUntil, startGraceMs }: LevelContext,
): Verdict | null {
  const deadline = expectedAtOf(run) + startGraceMs;
  const begunAt = begunAtOf(run);
  if (begunAt !== null) return begun(begunAt, deadline);
  if (knownUntil === null || judgement.waits) return null;
  if (judgement.state === "late") return { holds: true, since: judgement.since ?? deadline };
  return { holds: false, since: knownUntil, ending: "retracted" };
}

/** The end of a missed start: it never was one where the run began in time and only the word of it came late. */
export function begun(begunAt: number, deadline: number): Verdict {
  if (begunAt <= deadline) return { holds: false, since: deadline, ending: "retracted" };
  return { holds: false, since: begunAt, ending: "cleared" };
}

/** When it began, as far as its facts say; null while none says that it has. Epoch ms. */
export function begunAtOf(run: RunSummary): number | null {
  if (run.startedAt !== null) return run.startedAt;
  if (!run.active && run.end === null) return null;
  let earliest = run.end?.at ?? run.lastFactAt;
  for (const { startedAt } of run.stages.values()) {
    if (startedAt !== null && startedAt < earliest) earliest = startedAt;
  }
  return earliest;
}

/**
 * Whether a unit must be made for what time or a setting says of a run. That a run failed is a matter of facts, which
 * make a unit anyway.
 */
export function differs(said: Said, verdicts: Verdicts): boolean {
  return RUN_RULES.some((rule) => {
    const verdict = verdicts[rule];
    if (verdict === undefined) return false;
    if (verdict.holds) return rule !== "failed" && said[rule] !== verdict.since;
    return said[rule] !== undefined;
  });
}

/** What a unit says of a run: all that holds, and the end of what may have been said to hold [ALERT-6]. */
export function levelsOf(
  executionId: string,
  said: Said,
  verdicts: Verdicts,
  card: () => AlertCard,
): AlertLevel[] {
  const levels: AlertLevel[] = [];
  for (const rule of RUN_RULES) {
    const verdict = verdicts[rule];
    if (verdict === undefined) continue;
    const subject = executionId;
    if (verdict.holds) levels.push({ rule, subject, ...verdict, card: card() });
    else if (said[rule] !== undefined) levels.push({ rule, subject, ...verdict });
  }
  return levels;
}

/** What is still said once a unit has said these. */
export function saidAfter(said: Said, verdicts: Verdicts): Said {
  const after: Partial<Record<RunRule, number>> = {};
  for (const rule of RUN_RULES) {
    const verdict = verdicts[rule];
    const since = verdict === undefined ? said[rule] : verdict.holds ? verdict.since : undefined;
    if (since !== undefined) after[rule] = since;
  }
  return isNothing(after) ? NOTHING_SAID : after;
}

export function isNothing(said: Said): boolean {
  return said === NOTHING_SAID || RUN_RULES.every((rule) => said[rule] === undefined);
}

/** What may have been said of a stored run, where nothing but its summary is known [UNIT-7]. */
export function perhapsSaid(run: RunSummary, clearedBy: string | null): Said {
  switch (stateOf(run)) {
    case "failed":
      return clearedBy === null && run.end !== null ? { failed: run.end.at } : NOTHING_SAID;
    case "scheduled":
      return { missed: PERHAPS };
    case "running":
      return { stalled: PERHAPS };
    default:
      return NOTHING_SAID;
  }
}

export function cardOf(
  face: JobFace,
  sourceId: string,
  run: RunSummary,
  { attempt, recovering }: AlertStanding,
  { evidence }: Pick<Judgement, "evidence">,
): AlertCard {
  return {
    jobId: face.jobId,
    ...jobPart(face, sourceId),
    executionId: run.executionId,
    runKey: run.runKey,
    instanceKey: instanceKeyOf(run),
    attempt,
    parentExecutionId: run.parent?.value.executionId ?? null,
    businessDate: run.businessDate?.value.day ?? null,
    stage: currentStage(run)?.name ?? null,
    message: shortMessageOf(run),
    // What time alone adds would make the card depend on when it was said.
    evidence: evidence.filter(({ code }) => code !== "over-budget"),
    recovering,
  };
}

/** Of an expected start that no run has taken. */
export function occurrenceCard(
  face: JobFace,
  sourceId: string,
  dueAt: number,
  evidence: readonly Evidence[],
): AlertCard {
  return {
    jobId: face.jobId,
    ...jobPart(face, sourceId),
    executionId: null,
    runKey: null,
    instanceKey: `nominal:${new Date(dueAt).toISOString()}`,
    attempt: 1,
    parentExecutionId: null,
    businessDate: null,
    stage: null,
    message: null,
    evidence,
    recovering: null,
  };
}

/** Never first in a literal: what is added to a copy costs microseconds a field (V8 11). */
function jobPart(
  { name, namespace, teamId, tier, firstStep, runbookUrl }: JobFace,
  sourceId: string,
): Pick<
  AlertCard,
  "jobName" | "namespace" | "sourceId" | "teamId" | "tier" | "firstStep" | "runbookUrl"
> {
  return {
    jobName: name,
    namespace,
    sourceId,
    teamId,
    tier: tier ?? DEFAULT_TIER,
    firstStep,
    runbookUrl,
  };
}
