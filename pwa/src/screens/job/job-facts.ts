import type { JobView } from "batchwatch/router";
import { formatMoment } from "../../components/format.ts";

/** What is known of the job itself, as names and values. */
export function jobFacts(job: JobView): readonly (readonly [string, string])[] {
  const facts: [string, string | null][] = [
    ["Name", job.name],
    ["Environment", job.environment],
    ["Lifecycle", job.lifecycle],
    ["First step", job.firstStep],
    ["First seen", formatMoment(Date.parse(job.firstSeenAt))],
    ["Last seen", formatMoment(Date.parse(job.lastSeenAt))],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}
