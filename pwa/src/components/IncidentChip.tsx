import type { IncidentListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { Glyph } from "./Glyph.tsx";
import { incidentMark } from "./incident-words.ts";

export interface IncidentChipProps {
  readonly incident: Pick<
    IncidentListItem,
    "state" | "causeKind" | "resolution" | "severity" | "acknowledgedBy"
  >;
}

/** Shape, word and colour of an incident; filled while it is critical and nobody has it. */
export function IncidentChip({ incident }: IncidentChipProps): ReactNode {
  const { glyph, word } = incidentMark(incident);
  const isFilled =
    incident.severity === "CRITICAL" &&
    incident.acknowledgedBy === null &&
    incident.state !== "RESOLVED";
  return (
    <span className={`chip s-${glyph}${isFilled ? " filled" : ""}`}>
      <Glyph name={glyph} />
      {word}
    </span>
  );
}
