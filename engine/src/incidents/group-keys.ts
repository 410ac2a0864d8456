import type { AlertCard } from "../model/alert.ts";

/** What an alert's incident is known by, unless it belongs to another's: attempts of one instance share it. */
export function ownKeyOf({ jobId, instanceKey, sourceId }: AlertCard): string {
  return jobId === null ? `source:${sourceId}` : jobKey(jobId, instanceKey);
}

export function jobKey(jobId: string, instanceKey: string): string {
  return `job:${jobId}/${instanceKey}`;
}

/** Of a run of which nothing else is known. */
export function runKeyOf(executionId: string): string {
  return `run:${executionId}`;
}

/** All keys by which the alerts of its children and later attempts find it. */
export function keysOf(card: AlertCard): readonly string[] {
  const own = ownKeyOf(card);
  return card.executionId === null ? [own] : [own, runKeyOf(card.executionId)];
}
