import type { RunRow } from "batchwatch/router";

/** Where a row leads: an expected occurrence that no run has taken has no page of its own, its job has. */
export function rowTarget(row: RunRow): string {
  return row.occurrence ? `/jobs/${row.jobId}` : `/runs/${row.executionId}`;
}
