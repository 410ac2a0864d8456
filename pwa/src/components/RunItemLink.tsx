import type { RunListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatBusinessDate, formatDuration } from "./format.ts";
import { MiddleName } from "./MiddleName.tsx";
import { StateMark } from "./StateChip.tsx";
import { ClockTime } from "./times.tsx";

export interface RunItemLinkProps {
  readonly run: RunListItem;
  /** Names the job too, where the list is not of one job. */
  readonly withName?: boolean;
}

/** One run of a list that is not live. */
export function RunItemLink({ run, withName = false }: RunItemLinkProps): ReactNode {
  const at = run.startedAt ?? run.nominalAt ?? run.endedAt;
  const day = run.businessDate === null ? null : formatBusinessDate(run.businessDate);
  return (
    <Link className={`row item-row s-${run.state}`} href={`/runs/${run.executionId}`} data-row>
      <StateMark state={run.state} />
      <span className="item-name">
        <MiddleName name={withName ? run.jobName : (day ?? run.runKey)} />
        <span className="secondary">
          {withName && day !== null && ` · ${day}`}
          {run.attempt > 1 && ` · attempt ${run.attempt}`}
        </span>
      </span>
      <span className="item-note secondary">{run.message ?? ""}</span>
      <span className="item-time num">
        {at !== null && <ClockTime at={at} />}
        {run.durationMs !== null && (
          <span className="usual"> {formatDuration(run.durationMs)}</span>
        )}
      </span>
    </Link>
  );
}
