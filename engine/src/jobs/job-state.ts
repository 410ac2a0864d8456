import { LIMITS } from "../model/limits.ts";
import type { NewestRun, StoredJobState } from "../ports/stores.ts";
import type { JobFace } from "./board-rows.ts";
import type { RunState } from "../model/run.ts";
import { isNothing, MAYBE_SAID, perhapsSaid, type Said } from "./alert-levels.ts";
import type { MissedSlots } from "./missed-starts.ts";
import {
  digestOf,
  type Digests,
  DigestRing,
  instanceKeyOf,
  type Behind,
  type LeftBehind,
  newestFirst,
  type RunDigest,
} from "./run-digest.ts";
import type { RunSummary } from "./run-summary.ts";
import { decodeSummary, unpackSummary } from "./summary-codec.ts";

const VERSION = 4;
/** Version 3 held digests as objects; version 2 knew nothing of what forgotten attempts leave behind. */
const READABLE: ReadonlySet<unknown> = new Set([2, 3, VERSION]);

/** A run as memory keeps it. */
export interface KeptRun {
  readonly summary: RunSummary;
  readonly complete: boolean;
  /** As it was shown last; what its facts alone say when unknown. */
  readonly shown?: RunState;
  /** What was said of it; absent: nothing. */
  readonly said?: Said;
  /** The store says something else of it. */
  readonly unsaved?: boolean;
}

/** Everything a job actor needs to start again. */
export interface JobMemory extends Partial<Behind> {
  readonly face: JobFace;
  readonly sourceId: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly forgotSome: boolean;
  readonly digests: Digests;
  readonly runs: readonly KeptRun[];
  /** Expected starts that were said to be missed; absent: none, null: not known. */
  readonly missed?: MissedSlots | null;
  /** Nothing was expected of it when it was saved, and its alerts were ended. */
  readonly unwatched?: boolean;
}

/** The parts of a job's state; its digests packed, its runs as the JSON text that each was last made into. */
export interface JobStateTexts extends Behind {
  readonly forgotSome: boolean;
  readonly digests: string;
  readonly runs: readonly {
    readonly summary: string;
    readonly complete: boolean;
    readonly shown: RunState;
    readonly said: Said;
  }[];
  readonly missed: MissedSlots;
  readonly unwatched: boolean;
}

/** Versioned text of a job's memory; name, team and times live in the job's own columns. Texts are put in as they are. */
export function encodeJobState(texts: JobStateTexts): string {
  const { forgotSome, digests, left, kept, runs, missed, unwatched } = texts;
  const whole = runs.map(({ summary, complete, shown, said }) => {
    const word = isNothing(said) ? "" : `"said":${JSON.stringify(said)},`;
    return `{"complete":${complete},"shown":"${shown}",${word}"summary":${summary}}`;
  });
  const more =
    (left.length === 0 ? "" : `"left":${JSON.stringify(left)},`) +
    (kept.length === 0 ? "" : `"kept":${JSON.stringify(kept)},`) +
    (missed.length === 0 ? "" : `"missed":${JSON.stringify(missed)},`) +
    (unwatched ? `"unwatched":true,` : "");
  return `{"version":${VERSION},"forgotSome":${forgotSome},${more}"digests":${JSON.stringify(digests)},"runs":[${whole.join()}]}`;
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
  return readJobState(stored) ?? memoryOf(stored, rebuilt(stored.job.jobId, []));
}

/** The same, rebuilt where its newest runs came with it; null where they are needed and did not. Throws where a part of it is damaged. */
export function readJobState(stored: StoredJobState): JobMemory | null {
  const { job, newestRuns } = stored;
  if (newestRuns !== undefined) return memoryOf(stored, rebuilt(job.jobId, newestRuns));
  const state = parse(stored.state);
  if (state === null) return null;
  return memoryOf(stored, {
    forgotSome: state.forgotSome,
    digests: state.digests,
    left: state.left ?? [],
    kept: state.kept ?? [],
    missed: state.missed ?? [],
    unwatched: state.unwatched ?? false,
    runs: state.runs.map((run) => ({
      complete: run.complete,
      ...(run.shown === undefined ? {} : { shown: run.shown }),
      ...(run.said === undefined ? {} : { said: run.said }),
      summary: unpackSummary(run.summary),
    })),
  });
}

/** The job's face as its own columns say it. */
export function faceOf(job: StoredJobState["job"]): JobFace {
  return {
    jobId: job.jobId,
    name: job.name,
    namespace: job.namespace,
    teamId: job.ownerTeamId,
    tier: job.tier,
    firstStep: job.firstStep,
    runbookUrl: job.runbookUrl,
  };
}

/** What a state holds, with what the job's own columns say. */
function memoryOf(
  { job }: StoredJobState,
  held: Omit<JobMemory, "face" | "sourceId" | "firstSeenAt" | "lastSeenAt">,
): JobMemory {
  const face = faceOf(job);
  const { sourceId, firstSeenAt, lastSeenAt } = job;
  return { face, sourceId, firstSeenAt, lastSeenAt, ...held };
}

/**
 * The open ones of these runs and the newest ended ones in full, all of them as digests. The program that wrote them may
 * have ended after the store joined a run and before what this makes of the run's neighbours was saved: those stay until it is.
 */
function rebuilt(
  jobId: string,
  newestRuns: readonly NewestRun[],
): Pick<JobMemory, "forgotSome" | "digests" | "left" | "runs" | "missed"> {
  // A run that a rename brought was written under another job.
  const summaries = newestRuns.map(({ summary }) => ({ ...decodeSummary(summary), jobId }));
  const digests = summaries.map(digestOf);
  const left = leftBehind(newestRuns, digests);
  const ring = new DigestRing(digests, { left });
  const unsettled = unsettledInstances(newestRuns, digests, ring);
  const isUnsaved = (summary: RunSummary) => unsettled.has(instanceKeyOf(summary));
  const settled = summaries.filter((summary) => !isUnsaved(summary));
  const open = settled.filter((summary) => summary.end === null);
  const ended = settled
    .filter((summary) => summary.end !== null)
    .sort((a, b) => b.lastFactAt - a.lastFactAt)
    .slice(0, LIMITS.endedRunsInMemory);
  return {
    forgotSome: true,
    digests,
    left,
    missed: null,
    runs: [
      ...[...open, ...ended].map((summary) => ({
        summary,
        complete: true,
        said: perhapsSaid(summary, ring.clearedBy(digestOf(summary))),
      })),
      ...summaries
        .filter(isUnsaved)
        .map((summary) => ({ summary, complete: true, said: MAYBE_SAID, unsaved: true })),
    ],
  };
}

/** What is too old to be known here is believed as the store tells it: of each instance the oldest run with a predecessor that is not among these [RUN-6]. */
function leftBehind(
  stored: readonly NewestRun[],
  digests: readonly RunDigest[],
): readonly LeftBehind[] {
  const known = new Set(digests.map(({ executionId }) => executionId));
  const left = new Map<string, LeftBehind>();
  const oldestFirst = digests
    .map((digest, at) => ({ digest, ...stored[at] }))
    .sort((a, b) => newestFirst(b.digest, a.digest));
  for (const { digest, attempt = 1, restartedFrom: last = null } of oldestFirst) {
    const { instanceKey } = digest;
    if (last === null || known.has(last) || left.has(instanceKey)) continue;
    left.set(instanceKey, { instanceKey, attempts: Math.max(1, attempt - 1), last });
  }
  return [...left.values()];
}

/** Instances of which the store tells predecessors or cures that are not so. */
function unsettledInstances(
  stored: readonly NewestRun[],
  digests: readonly RunDigest[],
  ring: DigestRing,
): ReadonlySet<string> {
  const wrong = digests.filter((digest, at) => {
    const { restartedFrom = null, clearedBy = null } = stored[at] ?? {};
    return clearedBy !== ring.clearedBy(digest) || restartedFrom !== ring.restartedFrom(digest);
  });
  return new Set(wrong.map(({ instanceKey }) => instanceKey));
}

interface StateText extends Partial<Behind> {
  readonly version: number;
  readonly forgotSome: boolean;
  readonly digests: Digests;
  readonly runs: readonly {
    readonly complete: boolean;
    readonly shown?: RunState;
    readonly said?: Said;
    readonly summary: unknown;
  }[];
  readonly missed?: MissedSlots;
  readonly unwatched?: boolean;
}

function parse(text: string): StateText | null {
  try {
    const state = JSON.parse(text) as StateText | null;
    return state !== null && READABLE.has(state.version) ? state : null;
  } catch {
    return null;
  }
}
