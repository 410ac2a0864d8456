import type { RunRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatNumber } from "../../components/format.ts";
import { LongList } from "../../components/LongList.tsx";
import { AlertCard } from "./AlertCard.tsx";

export interface AlertListProps {
  readonly alerts: readonly RunRow[];
  /** The sentence in place of an empty list. */
  readonly empty: string;
}

/** What needs somebody: failed and not cleared, stalled, or late. */
export function AlertList({ alerts, empty }: AlertListProps): ReactNode {
  return (
    <section className="alerts o-alerts" aria-labelledby="alerts-title">
      <h2
        id="alerts-title"
        className={alerts.length === 0 ? "section-title quiet" : "section-title"}
      >
        Needs you <span className="num">{formatNumber(alerts.length)}</span>
      </h2>
      {alerts.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <LongList items={alerts} keyOf={(row) => row.key}>
          {(row) => <AlertCard row={row} />}
        </LongList>
      )}
    </section>
  );
}
