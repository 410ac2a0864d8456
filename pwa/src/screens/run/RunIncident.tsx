import { useInfiniteQuery } from "@tanstack/react-query";
import type { RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { incidentMark } from "../../components/incident-words.ts";
import { useBoardLists } from "../../live/use-board-lists.ts";
import { incidentsQuery } from "../../queries.ts";
import { incidentOf } from "./incident-of-run.ts";

/** The way to the incident that speaks for this run; nothing where none does. */
export function RunIncident({ run }: { readonly run: RunView }): ReactNode {
  const lists = useBoardLists();
  const query = useInfiniteQuery(incidentsQuery({ jobId: run.jobId }));
  const incident =
    incidentOf(run, lists?.incidents ?? []) ?? incidentOf(run, query.data?.pages[0]?.items ?? []);
  if (incident === null) return null;
  return (
    <p>
      <Link className="button" href={`/incidents/${incident.incidentId}`}>
        Incident: {incidentMark(incident).word}
        {incident.acknowledgedBy !== null && `, ${incident.acknowledgedBy.name} has it`}
      </Link>
    </p>
  );
}
