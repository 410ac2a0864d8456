import { isoOf } from "../jobs/board-rows.ts";
import type { Incident } from "../model/incident.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { GoneRow, IncidentRow } from "../model/rows.ts";
import { foremostOf, jobsIn } from "./members.ts";
import { nextTold } from "./next-told.ts";
import { isAboutSource, nameOf } from "./texts.ts";

/** An incident as the board shows it: what it is about now, who has it, and who is told next. */
export function incidentRow(incident: Incident, world: AlertingWorld): IncidentRow {
  const about = foremostOf(incident);
  const { card } = about;
  const ofSource = isAboutSource(incident);
  const next = nextTold(incident, world);
  const { recovering, acknowledgedBy } = incident;
  return {
    kind: "incident",
    key: `incident:${incident.incidentId}`,
    incidentId: incident.incidentId,
    version: incident.version,
    teamId: incident.teamId,
    ...(card.teamId === incident.teamId ? {} : { aboutTeamId: card.teamId }),
    state: incident.state,
    severity: incident.severity,
    causeKind: incident.causeKind,
    jobId: ofSource ? null : card.jobId,
    jobName: nameOf(incident, about, world),
    namespace: card.namespace,
    tier: card.tier,
    executionId: ofSource ? null : card.executionId,
    businessDate: card.businessDate,
    stage: card.stage,
    message: card.message,
    evidence: card.evidence,
    since: new Date(about.since).toISOString(),
    openedAt: new Date(incident.openedAt).toISOString(),
    resolvedAt: isoOf(incident.resolvedAt),
    resolution: incident.resolution,
    acknowledgedBy,
    acknowledgedAt: isoOf(incident.acknowledgedAt),
    ackUntil: isoOf(incident.ackUntil),
    snoozedUntil: isoOf(incident.snoozedUntil),
    backToBed: incident.backToBed,
    recovering:
      recovering === null
        ? null
        : { ...recovering, startedAt: new Date(recovering.startedAt).toISOString() },
    jobs: jobsIn(incident),
    ...others(incident),
    next: next === null ? null : { at: new Date(next.at).toISOString(), who: next.who },
    untold: incident.untold,
  };
}

/** Ids of the jobs in it with their teams, where it is not about one alone. */
function others({ members }: Incident): Pick<IncidentRow, "jobIds" | "jobTeams"> {
  const teams = new Map<string, string>();
  for (const { card } of members) if (card.jobId !== null) teams.set(card.jobId, card.teamId);
  return teams.size > 1 ? { jobIds: [...teams.keys()], jobTeams: [...teams.values()] } : {};
}

/** What the board is told of it: one that became part of another leaves at once. */
export function incidentChange(incident: Incident, world: AlertingWorld): IncidentRow | GoneRow {
  const row = incidentRow(incident, world);
  if (incident.resolution !== "merged") return row;
  return { kind: "gone", key: row.key, teamId: row.teamId };
}
