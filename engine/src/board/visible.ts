import { inScope, type Scope } from "../model/people.ts";
import type { IncidentListItem } from "../model/incident-views.ts";
import type { BoardChange, IncidentRow } from "../model/rows.ts";

/** The row as this reader may see it: without words that are another team's, or that the scope hides, and on a wall without names. */
export function visible<Row extends BoardChange>(row: Row, scope: Scope): Row {
  switch (row.kind) {
    case "gone":
    case "trend":
      return row;
    case "run":
      return scope.payload || row.message === null ? row : { ...row, message: null };
    case "incident":
      return { kind: row.kind, key: row.key, ...incidentShown(row, scope) } as BoardChange as Row;
    default:
      return row satisfies never;
  }
}

/** An incident as this reader may see it. Always a new object. */
export function incidentShown(
  { aboutTeamId, jobIds, jobTeams, ...row }: IncidentListItem,
  scope: Scope,
): IncidentListItem {
  const isOthers = aboutTeamId !== undefined && !inScope(scope, aboutTeamId);
  return {
    ...row,
    ...ownJobs(jobIds, jobTeams, scope),
    ...(isOthers ? NOTHING_OF_THE_JOB : {}),
    ...(scope.payload ? {} : { message: null }),
    ...(scope.nameless === true ? nameless(row) : {}),
  };
}

/** Of the jobs in an incident those of the reader's own teams; of what is not known whose it is, none. */
function ownJobs(
  jobIds: IncidentListItem["jobIds"],
  jobTeams: IncidentListItem["jobTeams"],
  scope: Scope,
): Pick<IncidentListItem, "jobIds"> {
  const own = jobIds?.filter((_jobId, at) => inScope(scope, jobTeams?.[at] ?? "")) ?? [];
  return own.length === 0 ? {} : { jobIds: own };
}

/** What an incident's row says of the job that it is about now, beside its name. */
const NOTHING_OF_THE_JOB = {
  jobId: null,
  namespace: "",
  executionId: null,
  businessDate: null,
  stage: null,
  message: null,
  evidence: [],
  recovering: null,
} as const;

type Named = Pick<IncidentRow, "acknowledgedBy" | "next">;

/** For a wall: that somebody has it and when the next is told, not who. */
export function nameless({ acknowledgedBy, next }: Named): Named {
  return {
    acknowledgedBy: acknowledgedBy === null ? null : { userId: "", name: "Somebody" },
    next: next === null ? null : { ...next, who: "the next person" },
  };
}
