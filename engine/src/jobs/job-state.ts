import type { StoredJobState } from "../ports/stores.ts";
import type { JobFace } from "./board-rows.ts";
import type { RunState } from "../model/run.ts";
import type { RunDigest } from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";
import { packSummary, unpackSummary } from "./summary-codec.ts";

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

/** Versioned text of a job's memory; name, team and times live in the job's own columns. */
export function encodeJobState(memory: JobMemory): string {
  return JSON.stringify({
    version: VERSION,
    forgotSome: memory.forgotSome,
    digests: memory.digests,
    runs: memory.runs.map((run) => ({
      complete: run.complete,
      shown: run.shown,
      summary: packSummary(run.summary),
    })),
  });
}

/**
 * A stored job as memory. An unreadable or older state is not an error: the job starts with nothing
 * remembered and `forgotSome`, so every run it hears of is joined with the stored one.
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
  if (state === null) return { ...base, forgotSome: true, digests: [], runs: [] };
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
    const state = JSON.parse(text) as StateText;
    return state.version === VERSION ? state : null;
  } catch {
    return null;
  }
}
