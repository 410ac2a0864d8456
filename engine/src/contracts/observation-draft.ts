import { partitionOf } from "../model/ids.ts";
import type { Observation } from "../model/fact.ts";
import { DEFAULT_TEAM_ID, type Source } from "../model/job.ts";
import { teamIdOf } from "../model/people.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import type { KnownRun } from "./known-runs.ts";
import { occurrenceOf } from "./read-time.ts";

/** An observation while it is being read. */
export type ObservationDraft = { -readonly [K in keyof Observation]: Observation[K] };

/** What every contract must know of a fact: validated and masked. */
export interface ObservationHead {
  readonly run: KnownRun;
  readonly kind: Observation["kind"];
  /** When it happened, as the producer says; epoch milliseconds. */
  readonly at: number;
  /** Team the producer claims; counts only when the source has none. */
  readonly team: string | null;
}

export function draftOf(head: ObservationHead, context: ReadContext): ObservationDraft {
  const { namespace, name, runKey, jobId: ownId, executionId } = head.run;
  // A rename moves the job, never the run: a run keeps the id made of the name that its source sent.
  const { occurredAt, clamped, historical } = occurrenceOf(head.at, context.receivedAt);
  const draft: ObservationDraft = {
    type: "observation",
    jobId: context.aliases?.get(ownId) ?? ownId,
    executionId,
    namespace,
    name,
    teamId: ownerOf(context.source, head.team),
    runKey,
    kind: head.kind,
    occurredAt,
  };
  if (clamped) draft.clamped = true;
  if (historical) draft.historical = true;
  return draft;
}

/** The fact with its job's partition, which is another one where a rename moved the job. */
export function placed(draft: ObservationDraft, run: KnownRun): PlacedFact {
  const own = draft.jobId === run.jobId;
  return { partition: own ? run.partition : partitionOf(draft.jobId), fact: draft };
}

function ownerOf(source: Source, claim: string | null): string {
  if (source.teamId !== null) return source.teamId;
  return (claim === null ? "" : teamIdOf(claim)) || DEFAULT_TEAM_ID;
}
