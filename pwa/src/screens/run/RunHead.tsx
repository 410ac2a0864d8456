import type { RunState, RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatBusinessDate, formatDuration } from "../../components/format.ts";
import { teamName, useMe } from "../../components/me.ts";
import { ProgressBar, progressWords } from "../../components/ProgressBar.tsx";
import { StateChip } from "../../components/StateChip.tsx";
import { Elapsed, Silence, TimeAndAge } from "../../components/times.tsx";
import { againstUsual } from "../../components/words.ts";
import { troubleSince } from "../../live/board-lists.ts";
import { LIMITS } from "../../live/limits.ts";

/** States that the run's evidence dates. */
const TROUBLED: ReadonlySet<RunState> = new Set<RunState>(["late", "stalled", "unknown"]);

/** `GL extract · 11 Nov · attempt 2`, its state, since when, and how long against the usual. */
export function RunHead({ run }: { readonly run: RunView }): ReactNode {
  const me = useMe();
  const isTroubled = TROUBLED.has(run.state);
  const since = isTroubled ? troubleSince(run) : (run.endedAt ?? run.startedAt ?? run.lastFactAt);
  return (
    <header className="run-head">
      <h1>
        <Link href={`/jobs/${run.jobId}`}>{run.jobName}</Link>
        <span className="run-title-facts num">
          {run.businessDate !== null && ` · ${formatBusinessDate(run.businessDate)}`} · attempt{" "}
          {run.attempt}
        </span>
      </h1>
      <p className="run-state">
        <StateChip state={run.state} />
        <span>
          since <TimeAndAge at={since} />
        </span>
        {run.endedAt === null && !isTroubled && (
          <Silence since={run.lastFactAt} afterMs={LIMITS.silentRunMs} />
        )}
      </p>
      <p className="run-duration num">
        <Duration run={run} />
      </p>
      {run.endedAt === null && run.startedAt !== null && (
        <p className="run-progress">
          <ProgressBar progress={run.progress} label={`Progress of ${run.jobName}`} />
          <span className="num">{progressWords(run.progress)}</span>
        </p>
      )}
      {run.clearedBy !== null && (
        <p>
          Cleared by <Link href={`/runs/${run.clearedBy}`}>a later attempt that succeeded</Link>.
        </p>
      )}
      <p className="secondary">
        {teamName(me, run.teamId)} · tier {run.tier} · {run.namespace} · run {run.runKey}
        {run.host !== null && ` · on ${run.host}`}
        {run.appVersion !== null && ` · version ${run.appVersion}`}
      </p>
    </header>
  );
}

function Duration({ run }: { readonly run: RunView }): ReactNode {
  const { usualDurationMs } = run.performance;
  if (run.startedAt === null) return "Not started yet";
  if (run.endedAt === null) {
    return (
      <>
        Running for <Elapsed since={run.startedAt} />
        {usualDurationMs !== null && `, usually ${formatDuration(usualDurationMs)}`}
      </>
    );
  }
  if (run.durationMs === null) return "Ended";
  if (usualDurationMs === null) return `Took ${formatDuration(run.durationMs)}`;
  return `Took ${againstUsual(run.durationMs, usualDurationMs)}`;
}
