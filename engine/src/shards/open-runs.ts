import type { JobActor } from "../jobs/job-actor.ts";

/** Runs under way, by source: what tells a silent source from one that has nothing to say. */
export function openRunsBySource(jobs: Iterable<JobActor>): Readonly<Record<string, number>> {
  const open: Record<string, number> = {};
  for (const { sourceId, openRuns } of jobs) {
    if (openRuns > 0) open[sourceId] = (open[sourceId] ?? 0) + openRuns;
  }
  return open;
}
