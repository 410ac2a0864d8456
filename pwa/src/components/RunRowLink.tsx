import type { RunRow } from "batchwatch/router";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { LIMITS } from "../live/limits.ts";
import { formatBusinessDate, formatDuration, formatNumber, middleEllipsis } from "./format.ts";
import { teamName, useMe } from "./me.ts";
import { ProgressBar, progressWords } from "./ProgressBar.tsx";
import { StateMark } from "./StateChip.tsx";
import { ClockTime, Elapsed, Silence } from "./times.tsx";

/** Names are cut in the middle above this length, so that both ends stay readable. */
const NAME_LENGTH = 44;

/** One run of the board in one line (desktop) or a small block (phone). Equal rows are not drawn again. */
export const RunRowLink: (props: { readonly row: RunRow }) => ReactNode = memo(RunRowLinkView);

function RunRowLinkView({ row }: { readonly row: RunRow }): ReactNode {
  const me = useMe();
  return (
    <Link className={`row run-row s-${row.state}`} href={`/runs/${row.executionId}`} data-row>
      <StateMark state={row.state} />
      <span className="c-job" title={row.jobName}>
        {middleEllipsis(row.jobName, NAME_LENGTH)}
        {row.attempt > 1 && <span className="secondary"> · attempt {row.attempt}</span>}
      </span>
      <span className="c-date num">
        {row.businessDate === null ? "" : formatBusinessDate(row.businessDate)}
      </span>
      {row.endedAt === null ? <Open row={row} /> : <Ended row={row} />}
      <span className="c-team">{teamName(me, row.teamId)}</span>
    </Link>
  );
}

function Open({ row }: { readonly row: RunRow }): ReactNode {
  return (
    <>
      <span className="c-stage">
        <Silence since={row.lastFactAt} afterMs={LIMITS.silentRunMs} /> {row.stage ?? ""}
      </span>
      <span className="c-progress">
        <ProgressBar progress={row.progress} label={`Progress of ${row.jobName}`} />
        <span className="c-percent num">{progressWords(row.progress)}</span>
      </span>
      <span className="c-time num">
        {row.startedAt === null ? "not started" : <Elapsed since={row.startedAt} />}
        <Usual row={row} />
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
        {row.durationMs !== null && formatDuration(row.durationMs)}
        <Usual row={row} />
      </span>
    </>
  );
}

function Usual({ row }: { readonly row: RunRow }): ReactNode {
  if (row.usualDurationMs === null) return null;
  return <span className="usual"> / {formatDuration(row.usualDurationMs)}</span>;
}
