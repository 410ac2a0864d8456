import type { IncidentListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { HolderLines } from "../../components/HolderLines.tsx";
import { causeSentence, incidentFacts } from "../../components/incident-words.ts";
import { IncidentChip } from "../../components/IncidentChip.tsx";
import { teamName, useMe } from "../../components/me.ts";
import { TimeAndAge } from "../../components/times.tsx";
import { formatClock, formatDuration } from "../../components/format.ts";
import { useNow } from "../../live/tick-clock.ts";

export interface IncidentHeadProps {
  readonly incident: IncidentListItem;
  /** The new attempt that is under way, in words; null while none is. */
  readonly attempt: string | null;
}

/** The first glance: job, state, since when and how long, why, and who has it. */
export function IncidentHead({ incident, attempt }: IncidentHeadProps): ReactNode {
  const me = useMe();
  const now = useNow();
  const { jobId, jobName, since, resolvedAt } = incident;
  return (
    <header className="run-head incident-head">
      <h1>{jobId === null ? jobName : <Link href={`/jobs/${jobId}`}>{jobName}</Link>}</h1>
      <p className="run-state">
        <IncidentChip incident={incident} />
        {resolvedAt === null ? (
          <span>
            since <TimeAndAge at={since} />
          </span>
        ) : (
          <span className="num">
            {formatClock(Date.parse(since), now)} to {formatClock(Date.parse(resolvedAt), now)} ·{" "}
            {formatDuration(Date.parse(resolvedAt) - Date.parse(since))}
          </span>
        )}
      </p>
      <p className="incident-cause num">{causeSentence(incident, now)}</p>
      {attempt !== null && <p className="card-attempt num">{attempt}</p>}
      <HolderLines incident={incident} />
      <p className="secondary num">
        {incidentFacts(incident)} {incident.stage !== null && `· ${incident.stage} `}·{" "}
        {teamName(me, incident.teamId)} · tier {incident.tier} · {incident.namespace}
      </p>
    </header>
  );
}
