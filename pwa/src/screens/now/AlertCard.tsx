import type { RunRow } from "batchwatch/router";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { formatBusinessDate } from "../../components/format.ts";
import { teamName, useMe } from "../../components/me.ts";
import { StateChip } from "../../components/StateChip.tsx";
import { TimeAndAge } from "../../components/times.tsx";

/** A failure that nothing has cleared. The whole card opens the run. */
export const AlertCard: (props: { readonly row: RunRow }) => ReactNode = memo(AlertCardView);

function AlertCardView({ row }: { readonly row: RunRow }): ReactNode {
  const me = useMe();
  const facts = [
    row.attempt > 1 ? `attempt ${row.attempt}` : null,
    row.businessDate === null ? null : formatBusinessDate(row.businessDate),
    row.stage,
    teamName(me, row.teamId),
  ];
  return (
    <Link className={`card alert-card s-${row.state}`} href={`/runs/${row.executionId}`} data-row>
      <span className="card-head">
        <StateChip state={row.state} />
        <TimeAndAge at={row.endedAt ?? row.lastFactAt} />
      </span>
      <span className="card-title">{row.jobName}</span>
      <span className="card-cause">{row.message ?? "No message was given."}</span>
      <span className="card-facts num">{facts.filter((fact) => fact !== null).join(" · ")}</span>
    </Link>
  );
}
