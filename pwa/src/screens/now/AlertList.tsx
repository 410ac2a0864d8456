import type { RunRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { LongList } from "../../components/LongList.tsx";
import { AlertCard } from "./AlertCard.tsx";

export function AlertList({ alerts }: { readonly alerts: readonly RunRow[] }): ReactNode {
  return (
    <section className="alerts o-alerts" aria-labelledby="alerts-title">
      <h2
        id="alerts-title"
        className={alerts.length === 0 ? "section-title quiet" : "section-title"}
      >
        Failed <span className="num">{alerts.length}</span>
      </h2>
      {alerts.length === 0 ? (
        <p className="empty">Nothing failed in the last 24 hours that is not cleared.</p>
      ) : (
        <LongList items={alerts} keyOf={(row) => row.key}>
          {(row) => <AlertCard row={row} />}
        </LongList>
      )}
    </section>
  );
}
