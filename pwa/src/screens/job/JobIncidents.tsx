import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { IncidentCard } from "../../components/IncidentCard.tsx";
import { IncidentItemLink } from "../../components/IncidentItemLink.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { isOpen } from "../../live/incident-lists.ts";
import { useBoardLists } from "../../live/use-board-lists.ts";
import { incidentsQuery } from "../../queries.ts";

/** The job's incident that is open now, live, and those before it. */
export function JobIncidents({ jobId }: { readonly jobId: string }): ReactNode {
  const lists = useBoardLists();
  const query = useInfiniteQuery(incidentsQuery({ jobId }));
  const open =
    lists?.incidents.filter(
      (each) => isOpen(each) && (each.jobId === jobId || each.jobIds?.includes(jobId) === true),
    ) ?? [];
  const past =
    query.data?.pages
      .flatMap((page) => page.items)
      .filter((each) => !open.some(({ incidentId }) => incidentId === each.incidentId)) ?? [];
  return (
    <section aria-labelledby="incidents-title">
      <h2 id="incidents-title" className="section-title">
        Incidents
      </h2>
      {open.map((incident) => (
        <IncidentCard key={incident.key} incident={incident} />
      ))}
      {open.length + past.length === 0 && (
        <p className="empty">
          {query.isSuccess
            ? "No incident of this job is kept."
            : query.isError
              ? "Its incidents could not be fetched."
              : "Loading its incidents…"}
        </p>
      )}
      <ul className="list">
        {past.map((incident) => (
          <li key={incident.incidentId} className="list-item">
            <IncidentItemLink incident={incident} />
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </section>
  );
}
