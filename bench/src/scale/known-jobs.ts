import {
  executionIdOf,
  JobActor,
  jobIdOf,
  LIMITS,
  NEW_JOB,
  type Observation,
  type ObservationKind,
  partitionOf,
  ShardKnowledge,
  type PositionedRecord,
  type StoredJobState,
  type Unit,
} from "@batchwatch/engine";
import { BENCH_SOURCE } from "../load/bench-source.ts";

const NAMESPACE = "bench";
const DAY_MS = 86_400_000;
const RUN_MS = 3_600_000;
/** The last run ended so long ago that no board shows it. */
const IDLE_MS = 2 * DAY_MS;
const HEX_ID = /[0-9a-f]{32}/g;
/** Digits of an id that tell jobs apart; the others tell their runs apart. */
const JOB_DIGITS = 8;

const STATES_PER_PAGE = 500;

/** The name that the workload gives to this job. */
function knownJobName(index: number): string {
  return `job-${String(index).padStart(6, "0")}`;
}

/**
 * Jobs as the store holds them, each with as many ended runs as a job remembers: one is made by the engine from its
 * facts, the others are copies of it with ids of their own.
 */
export class KnownJobs {
  readonly #unit: Unit;

  /** @param now epoch milliseconds */
  constructor(now: number) {
    this.#unit = marked(pattern(now));
  }

  /** The first so many, page by page as the store gives them. */
  *pages(jobs: number): Generator<readonly StoredJobState[]> {
    for (let first = 0; first < jobs; first += STATES_PER_PAGE) {
      const count = Math.min(STATES_PER_PAGE, jobs - first);
      yield Array.from({ length: count }, (_, index) => this.stored(first + index));
    }
  }

  stored(index: number): StoredJobState {
    const { job, partition } = this.unit(index);
    if (job === null) throw new Error("A unit of a job has a job.");
    const { ownerTeamId, ...columns } = job;
    return { partition, state: job.state, job: { ...NEW_JOB, ...columns, ownerTeamId } };
  }

  /** What is saved of the job, with its newest runs. */
  unit(index: number): Unit {
    const name = knownJobName(index);
    const jobId = jobIdOf(BENCH_SOURCE.sourceId, NAMESPACE, name);
    const own = (text: string): string => ownIds(text, jobId, index);
    const job = this.#unit.job;
    return {
      partition: partitionOf(jobId),
      job: job === null ? null : { ...job, jobId, name, state: own(job.state) },
      runs: this.#unit.runs.map((run) => ({
        mode: run.mode,
        summary: own(run.summary),
        columns: {
          ...run.columns,
          jobId,
          executionId: own(run.columns.executionId),
          instanceKey: own(run.columns.instanceKey),
        },
      })),
      transitions: [],
      notes: [],
    };
  }
}

/** Stands for the job's own digits in the pattern; no JSON text holds it. */
const OWN_DIGITS = "\u0001";
const OWN_JOB_ID = "\u0002";

/** The unit with a mark wherever its copies differ. */
function marked(unit: Unit): Unit {
  const jobId = unit.job?.jobId ?? "";
  const mark = (text: string): string =>
    text
      .replaceAll(HEX_ID, (id) => id.slice(0, -JOB_DIGITS) + OWN_DIGITS)
      .replaceAll(jobId, OWN_JOB_ID);
  return {
    ...unit,
    job: unit.job === null ? null : { ...unit.job, state: mark(unit.job.state) },
    runs: unit.runs.map((run) => ({
      mode: run.mode,
      summary: mark(run.summary),
      columns: {
        ...run.columns,
        executionId: mark(run.columns.executionId),
        instanceKey: mark(run.columns.instanceKey),
      },
    })),
  };
}

function ownIds(text: string, jobId: string, index: number): string {
  const digits = index.toString(16).padStart(JOB_DIGITS, "0");
  return text.replaceAll(OWN_DIGITS, digits).replaceAll(OWN_JOB_ID, jobId);
}

/** One job with all the runs that it remembers, saved after each so that older ones leave memory. */
function pattern(now: number): Unit {
  const name = "pattern";
  const jobId = jobIdOf(BENCH_SOURCE.sourceId, NAMESPACE, name);
  const actor = new JobActor(
    partitionOf(jobId),
    {
      face: {
        jobId,
        name,
        namespace: NAMESPACE,
        teamId: "default",
        tier: null,
        firstStep: null,
        runbookUrl: null,
      },
      sourceId: BENCH_SOURCE.sourceId,
      firstSeenAt: now,
      lastSeenAt: now,
      forgotSome: false,
      digests: [],
      runs: [],
    },
    new ShardKnowledge(),
  );
  for (let run = LIMITS.digestsPerJob - 1; run >= 0; run--) {
    const runKey = `run-${run}`;
    const startedAt = now - IDLE_MS - run * DAY_MS;
    apply(actor, observation(jobId, name, runKey, "started", startedAt));
    apply(actor, observation(jobId, name, runKey, "succeeded", startedAt + RUN_MS));
    actor.takeRows();
    // The last is not forgotten as saved, so that a unit of it can be taken.
    if (run > 0) actor.saved(actor.takeUnit(), []);
  }
  return actor.takeUnit();
}

function apply(actor: JobActor, fact: Observation): void {
  actor.apply(fact, recordOf(fact));
}

function recordOf(fact: Observation): PositionedRecord {
  return {
    position: 1,
    partition: partitionOf(fact.jobId),
    receivedAt: fact.occurredAt,
    contract: "native",
    sourceId: BENCH_SOURCE.sourceId,
    bytes: new Uint8Array(),
  };
}

function observation(
  jobId: string,
  name: string,
  runKey: string,
  kind: ObservationKind,
  occurredAt: number,
): Observation {
  return {
    type: "observation",
    jobId,
    executionId: executionIdOf(BENCH_SOURCE.sourceId, NAMESPACE, name, runKey),
    namespace: NAMESPACE,
    name,
    teamId: "default",
    runKey,
    kind,
    occurredAt,
    progress: { done: 2_000, total: 2_000, unit: "rows" },
    counters: { read: 2_000, written: 2_000 },
  };
}
