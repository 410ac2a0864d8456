import type { RunRow } from "batchwatch/router";
import { type ReactNode, useId } from "react";
import { formatNumber } from "../../components/format.ts";
import { LongList } from "../../components/LongList.tsx";
import { RunRowLink } from "../../components/RunRowLink.tsx";

export interface RunListProps {
  readonly title: string;
  readonly className: string;
  readonly rows: readonly RunRow[];
  /** Heads of the columns stage, progress and time. */
  readonly heads: readonly [stage: string, progress: string, time: string];
  readonly empty: string;
}

export function RunList({ title, className, rows, heads, empty }: RunListProps): ReactNode {
  const titleId = useId();
  return (
    <section className={`run-list ${className}`} aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        {title} <span className="num">{formatNumber(rows.length)}</span>
      </h2>
      {rows.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <>
          <div className="columns" aria-hidden="true">
            <span>State</span>
            <span>Job</span>
            <span>Business date</span>
            <span>{heads[0]}</span>
            <span>{heads[1]}</span>
            <span className="right">{heads[2]}</span>
            <span>Team</span>
          </div>
          <LongList items={rows} keyOf={(row) => row.key}>
            {(row) => <RunRowLink row={row} />}
          </LongList>
        </>
      )}
    </section>
  );
}
