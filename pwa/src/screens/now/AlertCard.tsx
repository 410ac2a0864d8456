import type { RunRow } from "batchwatch/router";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { formatBusinessDate } from "../../components/format.ts";
import { EvidenceLines } from "../../components/EvidenceLines.tsx";
import { teamName, useMe } from "../../components/me.ts";
import { rowTarget } from "../../components/row-target.ts";
import { StateChip } from "../../components/StateChip.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { troubleSince } from "../../live/board-lists.ts";

/** A run that needs somebody: its state, since when, and why. The whole card opens the run. */
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
    <Link className={`card alert-card s-${row.state}`} href={rowTarget(row)} data-row>
      <span className="card-head">
        <StateChip state={row.state} />
        <TimeAndAge at={troubleSince(row)} />
      </span>
      <span className="card-title">{row.jobName}</span>
      {row.state === "failed" && (
        <span className="card-cause">{row.message ?? "No message was given."}</span>
      )}
      <EvidenceLines row={row} />
      <span className="card-facts num">{facts.filter((fact) => fact !== null).join(" · ")}</span>
    </Link>
  );
}
