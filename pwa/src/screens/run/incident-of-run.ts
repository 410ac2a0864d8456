import type { IncidentListItem, RunView } from "batchwatch/router";

/** The incident of this very run, else of another attempt of its business date; null where there is none. */
export function incidentOf(
  run: Pick<RunView, "executionId" | "jobId" | "businessDate">,
  incidents: readonly IncidentListItem[],
): IncidentListItem | null {
  const isOfRun = (one: IncidentListItem): boolean =>
    one.executionId === run.executionId || one.recovering?.executionId === run.executionId;
  const isOfDay = (one: IncidentListItem): boolean =>
    run.businessDate !== null &&
    one.businessDate === run.businessDate &&
    (one.jobId === run.jobId || one.jobIds?.includes(run.jobId) === true);
  return incidents.find(isOfRun) ?? incidents.find(isOfDay) ?? null;
}
