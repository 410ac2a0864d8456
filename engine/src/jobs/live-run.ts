import type { Observation } from "../model/fact.ts";
import { NOTHING_SAID, type Said } from "./alert-levels.ts";
import { byFacts, type Judgement } from "./judge.ts";
import { type DigestRing, type Neighbours, type RunDigest, stateOf } from "./run-digest.ts";
import { emptySummary, type RunSummary } from "./run-summary.ts";
import { encodeSummary } from "./summary-codec.ts";

/** What a job's other runs say of one. */
export interface RunStanding extends Neighbours {
  /** Median duration of the successful runs before it, ms. */
  readonly usualMs: number | null;
}

/** A run in memory. `complete` is false while the store may hold facts of it that memory does not. */
export interface LiveRun {
  readonly summary: RunSummary;
  readonly complete: boolean;
  /** It began after every run that the job remembers: shown at once, though the store has yet to say that it knows no more. */
  readonly fresh: boolean;
  /** As it was judged last; what the facts alone say before that. */
  judgement: Judgement;
  /** What its job's other runs say of it; null until asked for again. */
  standing: RunStanding | null;
  /** What units have said of it that holds, or perhaps have. */
  said: Said;
  /** Its summary as it is saved; null since it changed or its job's unit was made. */
  text: string | null;
  /** It changed since it was in a unit. */
  unsaved: boolean;
  /** Its row changed since it was made. */
  rowDue: boolean;
}

export function liveRun(
  run: Pick<LiveRun, "summary" | "complete"> &
    Partial<Pick<LiveRun, "fresh" | "judgement" | "said">>,
): LiveRun {
  const { summary, complete, fresh = false, judgement = byFacts(stateOf(summary)) } = run;
  const { said = NOTHING_SAID } = run;
  const marks = { unsaved: false, rowDue: false };
  return { summary, complete, fresh, judgement, said, standing: null, text: null, ...marks };
}

/** The run's summary as it is saved. */
export function textOf(run: LiveRun): string {
  run.text ??= encodeSummary(run.summary);
  return run.text;
}

/** What memory holds of an incomplete run is not what it is: it shows once the store has answered, unless it is fresh. */
export function isShown({ complete, fresh }: Pick<LiveRun, "complete" | "fresh">): boolean {
  return complete || fresh;
}

/** It has not ended, as far as is known, and is no history. */
export function isOpen({ summary }: LiveRun): boolean {
  return summary.end === null && !summary.historical;
}

/** Progress of a run that is seen to run can change neither its state nor its place in any list. */
export function isPlainProgress(fact: Observation, { summary, judgement }: LiveRun): boolean {
  return (
    fact.kind === "progress" &&
    (fact.historical === true || !summary.historical) &&
    summary.startedAt !== null &&
    (judgement.state === "running" || judgement.state === "recovering") &&
    summary.nominalAt?.value === (fact.nominalAt ?? summary.nominalAt?.value) &&
    (fact.businessDate === undefined || summary.businessDate?.value.day === fact.businessDate)
  );
}

/** A run that memory has not: whole unless the store may know of it. */
export function heardOf(
  fact: Observation,
  jobId: string,
  ring: DigestRing,
  forgotSome: boolean,
): LiveRun {
  const remembered = ring.has(fact.executionId);
  const summary = emptySummary(fact.executionId, jobId, fact.runKey);
  const complete = !remembered && !forgotSome;
  const fresh = !complete && !remembered && begins(fact, ring.items[0]);
  return liveRun({ summary, complete, fresh });
}

/** The fact begins a run, after the newest one that is remembered. */
function begins(fact: Observation, newest: RunDigest | undefined): boolean {
  if (fact.kind !== "started" && fact.kind !== "scheduled") return false;
  return newest !== undefined && fact.occurredAt > newest.orderedAt;
}

/** Whether a stored run says nothing new: memory holds all of it, or held it and remembers how it ended. */
export function isKnown(
  stored: LiveRun,
  digest: RunDigest,
  known: LiveRun | undefined,
  ring: DigestRing,
): boolean {
  if (known !== undefined) return known.complete && textOf(known) === textOf(stored);
  if (stored.summary.end === null) return false;
  return JSON.stringify(ring.find(digest.executionId)) === JSON.stringify(digest);
}
