import type { IncidentRow, RunRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { AcknowledgeAll } from "../../components/AcknowledgeAll.tsx";
import { formatNumber } from "../../components/format.ts";
import { IncidentCard } from "../../components/IncidentCard.tsx";
import { LongList } from "../../components/LongList.tsx";
import { mayRespond, useMe } from "../../components/me.ts";
import { AlertCard } from "./AlertCard.tsx";

export interface NeedsYouProps {
  /** Open, and nobody's or mine. */
  readonly incidents: readonly IncidentRow[];
  /** Runs in trouble that no incident speaks for. */
  readonly alerts: readonly RunRow[];
  /** The sentence in place of an empty list. */
  readonly empty: string;
  readonly isHeld: boolean;
}

/** What needs somebody: incidents first, then runs in trouble that are in none. */
export function NeedsYou({ incidents, alerts, empty, isHeld }: NeedsYouProps): ReactNode {
  const me = useMe();
  const count = incidents.length + alerts.length;
  const untaken = incidents.filter((incident) => incident.acknowledgedBy === null);
  return (
    <section className="alerts o-alerts" aria-labelledby="alerts-title">
      <h2 id="alerts-title" className={count === 0 ? "section-title quiet" : "section-title"}>
        Needs you <span className="num">{formatNumber(count)}</span>
      </h2>
      {count === 0 && <p className="empty">{empty}</p>}
      <LongList items={incidents} keyOf={(row) => row.key}>
        {(row) => <IncidentCard incident={row} isHeld={isHeld} />}
      </LongList>
      {mayRespond(me) && <AcknowledgeAll incidents={untaken} />}
      <LongList items={alerts} keyOf={(row) => row.key}>
        {(row) => <AlertCard row={row} />}
      </LongList>
    </section>
  );
}

export interface TakenProps {
  /** Open, and somebody else has them. */
  readonly incidents: readonly IncidentRow[];
  readonly isHeld: boolean;
}

export function Taken({ incidents, isHeld }: TakenProps): ReactNode {
  if (incidents.length === 0) return null;
  return (
    <section className="alerts o-taken" aria-labelledby="taken-title">
      <h2 id="taken-title" className="section-title">
        Somebody has it <span className="num">{formatNumber(incidents.length)}</span>
      </h2>
      <LongList items={incidents} keyOf={(row) => row.key}>
        {(row) => <IncidentCard incident={row} isHeld={isHeld} />}
      </LongList>
    </section>
  );
}
