import type { IncidentListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatDuration } from "./format.ts";
import { Glyph } from "./Glyph.tsx";
import { CAUSE_MARKS, incidentMark } from "./incident-words.ts";
import { MiddleName } from "./MiddleName.tsx";
import { ClockTime } from "./times.tsx";

export interface IncidentItemLinkProps {
  readonly incident: IncidentListItem;
}

/** One incident of a list that is not live. */
export function IncidentItemLink({ incident }: IncidentItemLinkProps): ReactNode {
  const { since, resolvedAt, causeKind, acknowledgedBy, message, incidentId } = incident;
  const { glyph, word } = incidentMark(incident);
  const cause = CAUSE_MARKS[causeKind].word.toLowerCase();
  const notes = [cause, acknowledgedBy?.name ?? null, message];
  return (
    <Link
      className={`row item-row incident-row s-${glyph}`}
      href={`/incidents/${incidentId}`}
      data-row
    >
      <span className="mark">
        <Glyph name={glyph} />
        <span className="mark-word">{word}</span>
      </span>
      <span className="item-name">
        <MiddleName name={incident.jobName} />
      </span>
      <span className="item-note secondary">
        {notes.filter((note) => note !== null).join(" · ")}
      </span>
      <span className="item-time num">
        <ClockTime at={since} />
        {resolvedAt !== null && (
          <span className="usual">
            {" "}
            {formatDuration(Date.parse(resolvedAt) - Date.parse(since))}
          </span>
        )}
      </span>
    </Link>
  );
}
