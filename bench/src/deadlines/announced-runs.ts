import {
  admit,
  DEFAULT_CLOCKS,
  executionIdOf,
  jobIdOf,
  type JobSettings,
  type JournalRecord,
} from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { BENCH_SOURCE } from "../load/bench-source.ts";

const NAMESPACE = "bench";
const EVENTS_PER_REQUEST = 500;

/** When the runs will be late, spread evenly. Epoch milliseconds. */
export interface Deadlines {
  readonly first: number;
  readonly spreadMs: number;
}

/** Announced runs of as many jobs, all expected at one time; the grace that people set makes each late at its own. */
export class AnnouncedRuns {
  readonly #runs: number;
  readonly #expectedAt: number;

  /** @param expectedAt epoch milliseconds */
  constructor(runs: number, expectedAt: number) {
    this.#runs = runs;
    this.#expectedAt = expectedAt;
  }

  /** The journal of their announcements, received when they were expected. */
  records(): readonly JournalRecord[] {
    const records: JournalRecord[] = [];
    const encoder = new TextEncoder();
    const at = new Date(this.#expectedAt).toISOString();
    for (let first = 0; first < this.#runs; first += EVENTS_PER_REQUEST) {
      const count = Math.min(EVENTS_PER_REQUEST, this.#runs - first);
      const events = Array.from({ length: count }, (_, index) => ({
        job: { namespace: NAMESPACE, name: jobName(first + index) },
        run: { id: runKey(first + index) },
        kind: "scheduled",
        at,
      }));
      const bytes = encoder.encode(JSON.stringify(events));
      const receivedAt = this.#expectedAt;
      const admitted = admit({ contract: "native", bytes, source: BENCH_SOURCE, receivedAt });
      if (admitted.accepted !== count) throw new BenchError("wrong", "A run was not announced.");
      records.push(...admitted.records);
    }
    return records;
  }

  /** By execution id, epoch milliseconds. */
  deadlines(given: Deadlines): ReadonlyMap<string, number> {
    const { sourceId } = BENCH_SOURCE;
    return new Map(
      this.#each((run) => [
        executionIdOf(sourceId, NAMESPACE, jobName(run), runKey(run)),
        this.#deadline(run, given),
      ]),
    );
  }

  /** The grace of each job, and nothing else that could be late first. */
  settings(given: Deadlines): readonly JobSettings[] {
    return this.#each((run) => ({
      jobId: jobIdOf(BENCH_SOURCE.sourceId, NAMESPACE, jobName(run)),
      name: jobName(run),
      namespace: NAMESPACE,
      ownerTeamId: null,
      tier: null,
      firstStep: null,
      runbookUrl: null,
      lifecycle: "LIVE",
      monitored: true,
      cadence: null,
      schedule: null,
      clocks: { ...DEFAULT_CLOCKS, startGraceMs: this.#deadline(run, given) - this.#expectedAt },
    }));
  }

  #deadline(run: number, { first, spreadMs }: Deadlines): number {
    return first + Math.floor((run * spreadMs) / this.#runs);
  }

  #each<T>(make: (run: number) => T): T[] {
    return Array.from({ length: this.#runs }, (_, run) => make(run));
  }
}

function jobName(run: number): string {
  return `announced-${String(run).padStart(6, "0")}`;
}

function runKey(run: number): string {
  return `night-${run}`;
}
