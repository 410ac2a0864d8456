import type { Observation } from "../model/fact.ts";
import type { JobMemory } from "./job-state.ts";

/** Memory of a job that this fact is the first word of. */
export function newJobMemory(fact: Observation, sourceId: string): JobMemory {
  return {
    face: {
      jobId: fact.jobId,
      name: fact.name,
      namespace: fact.namespace,
      teamId: fact.teamId,
      tier: null,
      firstStep: null,
      runbookUrl: null,
    },
    sourceId,
    firstSeenAt: fact.occurredAt,
    lastSeenAt: fact.occurredAt,
    forgotSome: false,
    digests: [],
    runs: [],
  };
}
