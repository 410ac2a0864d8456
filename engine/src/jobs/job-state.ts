import { LIMITS } from "../model/limits.ts";
import type { StoredJobState } from "../ports/stores.ts";
import type { JobFace } from "./board-rows.ts";
import type { RunState } from "../model/run.ts";
import { digestOf, type RunDigest } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";
import { decodeSummary, unpackSummary } from "./summary-codec.ts";

const VERSION = 2;

/** A run as memory keeps it. */
export interface KeptRun {
  readonly summary: RunSummary;
  readonly complete: boolean;
  /** As it was shown last; what its facts alone say when unknown. */
  readonly shown?: RunState;
}

/** Everything a job actor needs to start again. */
export interface JobMemory {
  readonly face: JobFace;
  readonly sourceId: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly forgotSome: boolean;
  readonly digests: readonly RunDigest[];
  readonly runs: readonly KeptRun[];
}

/** The parts of a job's state, each as the JSON text that it was last made into. */
export interface JobStateTexts {
  readonly forgotSome: boolean;
  readonly digests: string;
  readonly runs: readonly {
    readonly summary: string;
    readonly complete: boolean;
    readonly shown: RunState;
  }[];
}

/** Versioned text of a job's memory; name, team and times live in the job's own columns. Texts are put in as they are. */
export function encodeJobState({ forgotSome, digests, runs }: JobStateTexts): string {
  const kept = runs.map(
    ({ summary, complete, shown }) =>
      `{"complete":${complete},"shown":"${shown}","summary":${summary}}`,
  );
  return `{"version":${VERSION},"forgotSome":${forgotSome},"digests":${digests},"runs":[${kept.join()}]}`;
}

/** The state is of another version or damaged: its newest runs must come with it (UNIT-7). */
export function needsNewestRuns(stored: StoredJobState): boolean {
  return parse(stored.state) === null;
}

/**
 * A stored job as memory. An unreadable or older state is not an error: memory is rebuilt from the job's
 * newest stored runs, and `forgotSome` makes every other run it hears of be joined with the stored one.
 */
export function decodeJobState(stored: StoredJobState): JobMemory {
  const { job } = stored;
  const base = {
    face: {
      jobId: job.jobId,
      name: job.name,
      namespace: job.namespace,
      teamId: job.ownerTeamId,
      tier: job.tier,
    },
    sourceId: job.sourceId,
    firstSeenAt: job.firstSeenAt,
    lastSeenAt: job.lastSeenAt,
  };
  const state = parse(stored.state);
  if (state === null) return { ...base, ...rebuilt(job.jobId, stored.newestRuns ?? []) };
  return {
    ...base,
    forgotSome: state.forgotSome,
    digests: state.digests,
    runs: state.runs.map((run) => ({
      complete: run.complete,
      ...(run.shown === undefined ? {} : { shown: run.shown }),
      summary: unpackSummary(run.summary),
    })),
  };
}

/** The open ones of these runs and the newest ended ones in full, all of them as digests. */
function rebuilt(
  jobId: string,
  newestRuns: readonly string[],
): Pick<JobMemory, "forgotSome" | "digests" | "runs"> {
  // A run that a rename brought was written under another job.
  const summaries = newestRuns.map((text) => ({ ...decodeSummary(text), jobId }));
  const open = summaries.filter((summary) => summary.end === null);
  const ended = summaries
    .filter((summary) => summary.end !== null)
    .sort((a, b) => b.lastFactAt - a.lastFactAt)
    .slice(0, LIMITS.endedRunsInMemory);
  return {
    forgotSome: true,
    digests: summaries.map(digestOf),
    runs: [...open, ...ended].map((summary) => ({ summary, complete: true })),
  };
}

interface StateText {
  readonly version: number;
  readonly forgotSome: boolean;
  readonly digests: readonly RunDigest[];
  readonly runs: readonly {
    readonly complete: boolean;
    readonly shown?: RunState;
    readonly summary: unknown;
  }[];
}

function parse(text: string): StateText | null {
  try {
    const state = JSON.parse(text) as StateText | null;
    return state?.version === VERSION ? state : null;
  } catch {
    return null;
  }
}
