import type { IncidentListItem } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { incidentMark } from "./incident-words.ts";
import { IncidentChip } from "./IncidentChip.tsx";
import { acknowledge } from "./recent-acks.ts";
import { Sheet } from "./Sheet.tsx";

/** Takes every incident that nobody has. What the sheet shows when it opens is what is acknowledged, no more. */
export function AcknowledgeAll({
  incidents,
}: {
  readonly incidents: readonly IncidentListItem[];
}): ReactNode {
  const [shown, setShown] = useState<readonly IncidentListItem[] | null>(null);
  return (
    <>
      {incidents.length > 1 && (
        <button type="button" className="button wide" onClick={() => setShown(incidents)}>
          Acknowledge all ({incidents.length})
        </button>
      )}
      {shown !== null && (
        <Sheet title={`Acknowledge these ${shown.length}?`} onClose={() => setShown(null)}>
          <ul className="sheet-list">
            {shown.map((incident) => (
              <li key={incident.incidentId} className={`s-${incidentMark(incident).glyph}`}>
                <IncidentChip incident={incident} />
                <span>{incident.jobName}</span>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="button primary wide"
            onClick={() => {
              setShown(null);
              void acknowledge(
                shown.map(({ incidentId, jobName }) => ({ incidentId, name: jobName })),
              );
            }}
          >
            Acknowledge {shown.length}
          </button>
        </Sheet>
      )}
    </>
  );
}
