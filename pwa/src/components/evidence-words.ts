import type { BlindReason, Evidence, LimitOrigin, RunRow, RunState } from "batchwatch/router";
import { formatClock, formatDuration } from "./format.ts";

/** The words for the engine's codes of evidence. Clock times are of this device's zone. */

/** What a line of evidence needs to know of its run. */
export type JudgedRun = Pick<RunRow, "startedAt" | "endedAt" | "durationMs">;

const ORIGIN_WORDS: Readonly<Record<LimitOrigin, string>> = {
  SET: "set by a person",
  LEARNED: "learned from the past of this job",
  DEFAULT: "the default",
};

/**
 * One line: what was expected, and what is so instead.
 * @param now epoch milliseconds
 */
export function evidenceSentence(evidence: Evidence, run: JudgedRun, now: number): string {
  const clock = (at: string): string => formatClock(Date.parse(at), now);
  switch (evidence.code) {
    case "not-started": {
      const over = formatClock(Date.parse(evidence.expectedAt) + evidence.graceMs, now);
      const due = `${evidence.announced ? "Announced for" : "Due"} ${clock(evidence.expectedAt)}`;
      return `${due}, grace over ${over}. It has not started.`;
    }
    case "standing-still": {
      const { lastCommitAt, usualGapMs, limitMs } = evidence;
      const usual = usualGapMs === null ? "" : `, usual gap ${formatDuration(usualGapMs)}`;
      const sign = usualGapMs === null ? "No sign of life" : "No commit";
      return `${sign} since ${clock(lastCommitAt)}${usual}, limit ${formatDuration(limitMs)}. The process may be dead.`;
    }
    case "over-budget": {
      const budget = `budget ${formatDuration(evidence.budgetMs)}`;
      const usual = comparedWithUsual(evidence.budgetMs, evidence.usualMs);
      const elapsedMs = elapsedOf(run, now);
      if (elapsedMs === null) return `Longer than its ${budget}${usual}.`;
      const verb = run.endedAt === null ? "Running" : "Took";
      return `${verb} ${formatDuration(elapsedMs)}, ${budget}${usual}.`;
    }
    case "too-short": {
      const took = run.durationMs === null ? "" : ` in ${formatDuration(run.durationMs)}`;
      const usual = comparedWithUsual(evidence.minimumMs, evidence.usualMs);
      return `Succeeded${took}, least ${formatDuration(evidence.minimumMs)}${usual}. Did it do its work?`;
    }
    case "silent":
      return `Nothing heard since ${clock(evidence.lastFactAt)}: unknown, not failed.`;
    case "blind": {
      const from = clock(evidence.from);
      const until = evidence.until === null ? null : clock(evidence.until);
      return `${blindSentence(evidence.reason, from, until)}: unknown, not failed.`;
    }
    case "new-attempt": {
      const { attempt, earlierState } = evidence;
      const earlier = attempt === 2 ? "Attempt 1" : "An earlier attempt";
      return `${attempt > 1 ? `Attempt ${attempt}` : "A new attempt"}. ${earlier} ${PAST_WORDS[earlierState]}.`;
    }
    case "quarantined":
      return `Batchwatch cannot follow this job (${evidence.reason}): unknown, not failed. Its data is kept.`;
    default:
      return unheardOf(evidence);
  }
}

/** Where the limit comes from, in a sentence; null where the code has none. */
export function originSentence(evidence: Evidence): string | null {
  switch (evidence.code) {
    case "not-started":
      return `Start grace ${formatDuration(evidence.graceMs)}: ${originWords(evidence.graceOrigin, "for how often the job runs")}.`;
    case "standing-still":
      return `Longest gap ${formatDuration(evidence.limitMs)}: ${originWords(evidence.limitOrigin)}.`;
    case "over-budget":
      return `Run budget ${formatDuration(evidence.budgetMs)}: ${originWords(evidence.budgetOrigin)}.`;
    case "too-short":
      return `Least duration ${formatDuration(evidence.minimumMs)}: ${originWords(evidence.minimumOrigin)}.`;
    default:
      return null;
  }
}

/** `set by a person`, `the default for how often the job runs`. */
function originWords(origin: LimitOrigin, ofDefault = ""): string {
  const words = ORIGIN_WORDS[origin];
  return origin === "DEFAULT" && ofDefault !== "" ? `${words} ${ofDefault}` : words;
}

const PAST_WORDS: Readonly<Record<RunState, string>> = {
  scheduled: "was planned",
  late: "was late",
  running: "was running",
  stalled: "stalled",
  recovering: "was recovering",
  succeeded: "succeeded",
  failed: "failed",
  stopped: "was stopped",
  unknown: "ended unknown",
};

function blindSentence(reason: BlindReason, from: string, until: string | null): string {
  const span = until === null ? `since ${from}` : `from ${from} to ${until}`;
  const words: Readonly<Record<BlindReason, string>> = {
    SOURCE_SILENT: `No data from this source ${span}`,
    DOWNTIME: `Batchwatch itself was down ${span}`,
    INTAKE_CLOSED: `Batchwatch itself could take in nothing ${span}`,
    PAUSED: `Batchwatch itself stood still ${span}`,
    STORE_RESTORED: `The history was restored from a copy, data ${span} may be missing`,
  };
  return words[reason];
}

/** ` (2 × the usual 25 min)`; without a whole quarter as factor ` (usual 25 min)`; nothing while none is known. */
function comparedWithUsual(limitMs: number, usualMs: number | null): string {
  if (usualMs === null || usualMs <= 0) return "";
  const usual = formatDuration(usualMs);
  const factor = Math.round((limitMs / usualMs) * 4) / 4;
  const isExact = factor > 0 && Math.abs(limitMs / (factor * usualMs) - 1) < 0.005;
  if (!isExact) return ` (usual ${usual})`;
  return factor === 0.25
    ? ` (a quarter of the usual ${usual})`
    : ` (${factor} × the usual ${usual})`;
}

function elapsedOf(run: JudgedRun, now: number): number | null {
  if (run.durationMs !== null) return run.durationMs;
  return run.startedAt === null ? null : now - Date.parse(run.startedAt);
}

/** A newer server may know more codes than this page: they are left unsaid until it is loaded again. */
function unheardOf(_evidence: never): string {
  return "";
}
