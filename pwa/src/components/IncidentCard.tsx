import type { IncidentListItem } from "batchwatch/router";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { isOpen } from "../live/incident-lists.ts";
import { useNow } from "../live/tick-clock.ts";
import { useBoardRow } from "../live/use-live.ts";
import { AcknowledgeButton } from "./AcknowledgeButton.tsx";
import { attemptProgress } from "./attempt-progress.ts";
import { CommandNoteLine } from "./CommandNoteLine.tsx";
import { HolderLines } from "./HolderLines.tsx";
import { attemptWords, causeSentence, incidentFacts, incidentMark } from "./incident-words.ts";
import { IncidentChip } from "./IncidentChip.tsx";
import { mayRespond, maySeeIncidents, teamName, useMe } from "./me.ts";
import { TimeAndAge } from "./times.tsx";

/** Words that depend on the clock are worked out again this often, ms. */
const STEP_MS = 10_000;

export interface IncidentCardProps {
  readonly incident: IncidentListItem;
  /** Nothing may move now: what became of a tap is said in the place of the button only. */
  readonly isHeld?: boolean;
}

/** An incident at one glance: what, since when, why, who has it; with the one tap that takes it. */
export const IncidentCard: (props: IncidentCardProps) => ReactNode = memo(IncidentCardView);

function IncidentCardView({ incident, isHeld = false }: IncidentCardProps): ReactNode {
  const me = useMe();
  const now = useNow(STEP_MS);
  const { incidentId, recovering } = incident;
  const attempt = useBoardRow(`run:${recovering?.executionId ?? ""}`);
  const attemptLine = attemptWords(recovering, attemptProgress(attempt), now);
  const maySee = maySeeIncidents(me);
  const mayTake = mayRespond(me) && isOpen(incident) && incident.acknowledgedBy === null;
  return (
    <article
      className={`card incident-card s-${incidentMark(incident).glyph}`}
      data-incident={incidentId}
      data-incident-name={incident.jobName}
    >
      <div className="card-head">
        <IncidentChip incident={incident} />
        <TimeAndAge at={incident.since} />
      </div>
      <h3 className="card-title">
        {maySee ? (
          <Link href={`/incidents/${incidentId}`} data-row>
            {incident.jobName}
          </Link>
        ) : (
          incident.jobName
        )}
      </h3>
      <p className="card-cause num">{causeSentence(incident, now)}</p>
      {attemptLine !== null && <p className="card-attempt num">{attemptLine}</p>}
      <p className="card-facts num">
        {incidentFacts(incident)} · {teamName(me, incident.teamId)}
      </p>
      <HolderLines incident={incident} />
      {!isHeld && <CommandNoteLine incidentId={incidentId} incident={incident} />}
      {(mayTake || maySee) && (
        <div className="card-actions">
          {mayTake && <AcknowledgeButton incident={incident} />}
          {maySee && (
            <Link
              className="button"
              href={`/incidents/${incidentId}`}
              aria-label={`Open ${incident.jobName}`}
            >
              Open
            </Link>
          )}
        </div>
      )}
    </article>
  );
}
