import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { IncidentItemLink } from "../../components/IncidentItemLink.tsx";
import { useMe } from "../../components/me.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { ErrorNotice, Loading, Notice } from "../../components/Notice.tsx";
import { useTeam } from "../../components/team-choice.ts";
import { isFiltering, matchesIncident, parseFilter } from "../../live/board-filter.ts";
import { incidentsQuery } from "../../queries.ts";
import { NoMatch } from "./NoMatch.tsx";
import type { IncidentsProps } from "./OpenIncidents.tsx";

/** What was, newest first, page by page. The filter looks at what is loaded. */
export function ResolvedIncidents({ text, onClear }: IncidentsProps): ReactNode {
  const team = useTeam(useMe());
  const query = useInfiniteQuery(
    incidentsQuery({ states: ["RESOLVED"], ...(team !== undefined && { team }) }),
  );
  const pages = query.data?.pages;
  if (pages === undefined) {
    if (query.fetchStatus === "paused") return <ErrorNotice error={null} what="list" />;
    if (!query.isError) return <Loading what="the incidents" />;
    return <ErrorNotice error={query.error} what="list" onRetry={() => void query.refetch()} />;
  }
  const filter = parseFilter(text);
  const all = pages.flatMap((page) => page.items);
  const shown = isFiltering(filter) ? all.filter((each) => matchesIncident(filter, each)) : all;
  if (all.length === 0) return <Notice>No incident has been resolved yet.</Notice>;
  return (
    <>
      {shown.length === 0 ? (
        <NoMatch text={text} onClear={onClear} />
      ) : (
        <ul className="list incidents">
          {shown.map((incident) => (
            <li key={incident.incidentId} className="list-item">
              <IncidentItemLink incident={incident} />
            </li>
          ))}
        </ul>
      )}
      <MoreButton query={query} />
    </>
  );
}
