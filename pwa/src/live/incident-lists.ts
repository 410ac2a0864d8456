import type { IncidentRow, RunRow, Severity } from "batchwatch/router";

/** Which incidents need somebody, in which order, and which runs they speak for. */

/** Gravest first. */
const SEVERITY_RANKS: Readonly<Record<Severity, number>> = {
  CRITICAL: 0,
  HIGH: 1,
  MEDIUM: 2,
  LOW: 3,
};

/** What ranking needs; rows of the board and items of a list have it. */
export type RankedIncident = Pick<
  IncidentRow,
  "incidentId" | "state" | "severity" | "since" | "acknowledgedBy"
>;

/** The board's key of an incident. */
export function incidentKey(incidentId: string): string {
  return `incident:${incidentId}`;
}

export function isOpen(incident: Pick<IncidentRow, "state">): boolean {
  return incident.state !== "RESOLVED";
}

export function isMine(
  incident: Pick<IncidentRow, "acknowledgedBy">,
  userId: string | null,
): boolean {
  return incident.acknowledgedBy !== null && incident.acknowledgedBy.userId === userId;
}

/** Open, and nobody has it or this reader does. */
export function needsMe(
  incident: Pick<IncidentRow, "state" | "acknowledgedBy">,
  userId: string,
): boolean {
  return isOpen(incident) && (incident.acknowledgedBy === null || isMine(incident, userId));
}

/** Open before resolved, nobody's before mine before others'; then the gravest, then the oldest. */
export function byUrgency(userId: string): (a: RankedIncident, b: RankedIncident) => number {
  const holder = (one: RankedIncident): number => {
    if (one.acknowledgedBy === null) return 0;
    return isMine(one, userId) ? 1 : 2;
  };
  return (a, b) =>
    Number(!isOpen(a)) - Number(!isOpen(b)) ||
    holder(a) - holder(b) ||
    SEVERITY_RANKS[a.severity] - SEVERITY_RANKS[b.severity] ||
    compare(a.since, b.since) ||
    compare(a.incidentId, b.incidentId);
}

type CoveredRun = Pick<RunRow, "executionId" | "jobId" | "businessDate">;

/**
 * Tells whether an incident on the board speaks for a run, so that it is not shown a second time. One that has
 * ended speaks for what went wrong before its end only.
 */
export function coverOf(
  incidents: readonly IncidentRow[],
): (run: CoveredRun, since: string) => boolean {
  const byJob = new Map<string, IncidentRow[]>();
  for (const incident of incidents) {
    for (const jobId of jobsOf(incident)) {
      const known = byJob.get(jobId);
      if (known === undefined) byJob.set(jobId, [incident]);
      else known.push(incident);
    }
  }
  return (run, since) =>
    byJob
      .get(run.jobId)
      ?.some(
        (incident) =>
          isAbout(incident, run) && (incident.resolvedAt === null || since <= incident.resolvedAt),
      ) ?? false;
}

function jobsOf(incident: IncidentRow): ReadonlySet<string> {
  return new Set([
    ...(incident.jobId === null ? [] : [incident.jobId]),
    ...(incident.jobIds ?? []),
  ]);
}

/** Attempts of one business date belong together; another night's run of the same job does not. */
function isAbout(incident: IncidentRow, run: CoveredRun): boolean {
  if (incident.jobId !== run.jobId || incident.executionId === run.executionId) return true;
  const { businessDate } = incident;
  return businessDate === null || run.businessDate === null || businessDate === run.businessDate;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
