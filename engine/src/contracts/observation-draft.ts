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
  const { namespace, name, runKey, jobId, executionId } = head.run;
  const { occurredAt, clamped, historical } = occurrenceOf(head.at, context.receivedAt);
  const draft: ObservationDraft = {
    type: "observation",
    jobId,
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

export function placed(draft: ObservationDraft, run: KnownRun): PlacedFact {
  return { partition: run.partition, fact: draft };
}

function ownerOf(source: Source, claim: string | null): string {
  if (source.teamId !== null) return source.teamId;
  return (claim === null ? "" : teamIdOf(claim)) || DEFAULT_TEAM_ID;
}
