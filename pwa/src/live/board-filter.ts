import type { CauseKind, IncidentListItem, RunRow, TrendRow } from "batchwatch/router";

/** Words and `team:` / `state:` terms; a row must satisfy all of them. */
export interface BoardFilter {
  readonly words: readonly string[];
  readonly team: string | null;
  readonly state: string | null;
}

/** Reads `payments team:lending state:late`. A later term of the same kind replaces an earlier one. */
export function parseFilter(text: string): BoardFilter {
  let team: string | null = null;
  let state: string | null = null;
  const words: string[] = [];
  for (const token of text.toLowerCase().split(/\s+/)) {
    if (token.startsWith("team:")) team = token.slice(5) || null;
    else if (token.startsWith("state:")) state = token.slice(6) || null;
    else if (token !== "") words.push(token);
  }
  return { words, team, state };
}

export function isFiltering(filter: BoardFilter): boolean {
  return filter.words.length > 0 || filter.team !== null || filter.state !== null;
}

export function matchesRun(filter: BoardFilter, row: RunRow): boolean {
  if (filter.state !== null && row.state !== filter.state) return false;
  return matches(
    filter,
    row.teamId,
    `${row.jobName} ${row.namespace} ${row.stage ?? ""} ${row.message ?? ""}`,
  );
}

/** What `state:` may say of an incident beside its own state. */
const CAUSE_STATES: Readonly<Record<CauseKind, string>> = {
  FAILED: "failed",
  MISSED: "late",
  STALLED: "stalled",
  SOURCE_SILENT: "unknown",
  SHARED_SOURCE: "failed",
};

export function matchesIncident(filter: BoardFilter, incident: IncidentListItem): boolean {
  const { state, causeKind } = incident;
  const states = [state.toLowerCase(), causeKind.toLowerCase(), CAUSE_STATES[causeKind]];
  if (filter.state !== null && !states.includes(filter.state)) return false;
  return matches(
    filter,
    incident.teamId,
    `${incident.jobName} ${incident.namespace} ${incident.stage ?? ""} ${incident.message ?? ""}`,
  );
}

export function matchesTrend(filter: BoardFilter, row: TrendRow): boolean {
  return filter.state === null && matches(filter, row.teamId, row.jobName);
}

function matches(filter: BoardFilter, teamId: string, text: string): boolean {
  if (filter.team !== null && teamId !== filter.team) return false;
  const lower = text.toLowerCase();
  return filter.words.every((word) => lower.includes(word));
}
