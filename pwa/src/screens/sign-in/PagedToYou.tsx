import type { ReactNode } from "react";
import { Link } from "wouter";
import { TimeAndAge } from "../../components/times.tsx";
import { useStoredIncidents } from "../../offline/stored-incidents.ts";

/** What this device may answer for its owner all the same. */
export function PagedToYou(): ReactNode {
  const incidents = [...useStoredIncidents()];
  return (
    <section aria-labelledby="paged-title">
      <p id="paged-title">You can still answer what was paged to you.</p>
      {incidents.length === 0 ? (
        <p className="secondary">Nothing that was paged to you is kept on this device.</p>
      ) : (
        <ul className="list more-links">
          {incidents.map(([incidentId, { title, receivedAt }]) => (
            <li key={incidentId} className="list-item">
              <Link className="row item-row" href={`/incidents/${incidentId}`} data-row>
                <span className="item-name">{title}</span>
                <span className="item-note secondary num">
                  <TimeAndAge at={receivedAt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
