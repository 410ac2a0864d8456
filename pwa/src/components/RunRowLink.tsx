import type { RunRow } from "batchwatch/router";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { LIMITS } from "../live/limits.ts";
import { EvidenceLines } from "./EvidenceLines.tsx";
import { formatBusinessDate, formatDuration, formatNumber } from "./format.ts";
import { teamName, useMe } from "./me.ts";
import { MiddleName } from "./MiddleName.tsx";
import { ProgressBar, progressWords } from "./ProgressBar.tsx";
import { rowTarget } from "./row-target.ts";
import { StateMark } from "./StateChip.tsx";
import { ClockTime, Elapsed, Silence } from "./times.tsx";

/** One run of the board in one line (desktop) or a small block (phone). Equal rows are not drawn again. */
export const RunRowLink: (props: { readonly row: RunRow }) => ReactNode = memo(RunRowLinkView);

function RunRowLinkView({ row }: { readonly row: RunRow }): ReactNode {
  const me = useMe();
  const saysAttempt = row.evidence.some(({ code }) => code === "new-attempt");
  return (
    <Link className={`row run-row s-${row.state}`} href={rowTarget(row)} data-row>
      <StateMark state={row.state} />
      <span className="c-job">
        <MiddleName name={row.jobName} />
        {row.attempt > 1 && !saysAttempt && (
          <span className="secondary"> · attempt {row.attempt}</span>
        )}
      </span>
      <span className="c-date num">
        {row.businessDate === null ? "" : formatBusinessDate(row.businessDate)}
      </span>
      {row.endedAt === null ? <Open row={row} /> : <Ended row={row} />}
      <span className="c-team">{teamName(me, row.teamId)}</span>
      <EvidenceLines row={row} />
    </Link>
  );
}

function Open({ row }: { readonly row: RunRow }): ReactNode {
  const hasBegun = row.startedAt !== null;
  return (
    <>
      <span className="c-stage">
        {row.evidence.length === 0 && (
          <Silence since={row.lastFactAt} afterMs={LIMITS.silentRunMs} />
        )}{" "}
        {row.stage ?? ""}
      </span>
      <span className="c-progress">
        {hasBegun && (
          <>
            <ProgressBar progress={row.progress} label={`Progress of ${row.jobName}`} />
            <span className="c-percent num">{progressWords(row.progress)}</span>
          </>
        )}
      </span>
      <span className="c-time num">
        <span className="took">
          {row.startedAt === null ? "not started" : <Elapsed since={row.startedAt} />}
        </span>
        {hasBegun && <Usual row={row} />}
      </span>
    </>
  );
}

function Ended({ row }: { readonly row: RunRow }): ReactNode {
  const written = row.rowsWritten === null ? "" : `${formatNumber(row.rowsWritten)} rows`;
  return (
    <>
      <span className="c-stage">
        ended {row.endedAt !== null && <ClockTime at={row.endedAt} />}
      </span>
      <span className="c-progress c-note">{row.message ?? written}</span>
      <span className="c-time num">
        <span className="took">{row.durationMs !== null && formatDuration(row.durationMs)}</span>
        <Usual row={row} />
      </span>
    </>
  );
}

function Usual({ row }: { readonly row: RunRow }): ReactNode {
  if (row.usualDurationMs === null) return null;
  return (
    <span className="usual">
      <span className="visually-hidden">usually </span>
      <span className="usual-slash" aria-hidden="true">
        {" / "}
      </span>
      <span className="usual-word" aria-hidden="true">
        usual{" "}
      </span>
      {formatDuration(row.usualDurationMs)}
    </span>
  );
}
