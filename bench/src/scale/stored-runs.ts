import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  joinStoredSummaries,
  LIMITS,
  partitionsOf,
  type Scope,
  type Stores,
} from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { BenchError } from "../bench-error.ts";
import { medianOf } from "../figure.ts";
import { KnownJobs } from "./known-jobs.ts";

const EVERYTHING: Scope = { teamIds: "all", payload: true };
const JOBS = 1_000;
const PAGE = 50;
/** Of a job, which has ten at the smallest size. */
const PAGE_OF_JOB = 10;
const QUERIES = 30;
/** Before they count. */
const WARM_UP_QUERIES = 20;
/** Rows in one transaction of the copying. */
const COPIED_AT_ONCE = 100_000;
const RUN_EVERY_MS = 3_600_000;

/** Milliseconds of each question, median. */
export interface StoredResult {
  readonly newestMs: number;
  readonly deepMs: number;
  readonly ofJobMs: number;
  readonly runMs: number;
  /** All jobs of all partitions, as at a start; per job. */
  readonly loadMsPerJob: number;
}

/** A store file that grows from size to size. */
export class StoredRuns {
  readonly #folder: string;
  readonly #path: string;
  #runs = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, "store.db");
  }

  /** With one run of each of 1,000 jobs, saved as a shard saves them. */
  static async make(): Promise<StoredRuns> {
    const made = new StoredRuns(await mkdtemp(join(tmpdir(), "batchwatch-bench-")));
    await made.#open(async (stores) => {
      const known = new KnownJobs(Date.now());
      const { term } = await stores.partitions.claim(partitionsOf(0, 1));
      for (let first = 0; first < JOBS; first += LIMITS.unitsPerPiece) {
        const units = Array.from({ length: LIMITS.unitsPerPiece }, (_, index) =>
          known.unit(first + index),
        );
        await stores.units.save({ term, units, mark: null });
      }
    });
    made.#runs = JOBS;
    return made;
  }

  /** Copies runs, each a little older, until there are so many. */
  grow(runs: number): void {
    const connection = new Sqlite(this.#path);
    try {
      // What is copied need not survive a crash of the machine.
      connection.pragma("synchronous = OFF");
      connection.pragma("cache_size = -1000000");
      const copy = connection.prepare(copyStatement(connection));
      while (this.#runs < runs) {
        const count = Math.min(COPIED_AT_ONCE, runs - this.#runs);
        copy.run({ from: this.#runs / JOBS, copies: count / JOBS, every: RUN_EVERY_MS });
        this.#runs += count;
      }
      connection.pragma("wal_checkpoint(TRUNCATE)");
    } finally {
      connection.close();
    }
  }

  measure(): Promise<StoredResult> {
    return this.#open(async (stores) => {
      const { items } = await stores.runs.list(EVERYTHING, {}, PAGE, null);
      const [first] = items;
      if (first === undefined) throw new BenchError("wrong", "The store lists no runs.");
      const { jobId, executionId } = first;
      const deep = await cursorAfter(stores, 20);
      const newestMs = await medianMs(() => stores.runs.list(EVERYTHING, {}, PAGE, null));
      const deepMs = await medianMs(() => stores.runs.list(EVERYTHING, {}, PAGE, deep));
      const ofJobMs = await medianMs(() =>
        stores.runs.list(EVERYTHING, { jobId }, PAGE_OF_JOB, null),
      );
      const runMs = await medianMs(() => stores.runs.get(executionId));
      return { newestMs, deepMs, ofJobMs, runMs, loadMsPerJob: await loadMsPerJob(stores) };
    });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open<T>(use: (stores: Stores) => Promise<T>): Promise<T> {
    const opened = await openStores({ path: this.#path, joinSummaries: joinStoredSummaries });
    try {
      return await use(opened.stores);
    } finally {
      await opened.close();
    }
  }
}

/** Every column as it is, but ids of its own and the times of an earlier run. The first JOBS rows are the pattern. */
function copyStatement(connection: Sqlite.Database): string {
  const own: Readonly<Record<string, string>> = {
    execution_id: "lower(hex(randomblob(16)))",
    run_key: "run_key || '-' || n",
    instance_key: "instance_key || '-' || n",
    started_at: "started_at - n * @every",
    ended_at: "ended_at - n * @every",
    last_fact_at: "last_fact_at - n * @every",
    ordered_at: "ordered_at - n * @every",
  };
  const columns = (connection.pragma("table_info(job_run)") as { name: string }[]).map(
    ({ name }) => name,
  );
  const values = columns.map((name) => own[name] ?? name);
  return `
    insert into job_run (${columns.join(", ")})
    with recursive copies(n) as (
      select @from union all select n + 1 from copies where n + 1 < @from + @copies
    )
    select ${values.join(", ")} from copies cross join job_run where job_run.rowid <= ${JOBS}`;
}

async function cursorAfter(stores: Stores, pages: number): Promise<string | null> {
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const { nextCursor } = await stores.runs.list(EVERYTHING, {}, PAGE, cursor);
    cursor = nextCursor;
  }
  return cursor;
}

async function loadMsPerJob(stores: Stores): Promise<number> {
  const partitions = partitionsOf(0, 1);
  const startedAt = performance.now();
  let after: string | null = null;
  let jobs = 0;
  for (;;) {
    const states = await stores.jobs.loadStates(partitions, after);
    if (states.length === 0) break;
    jobs += states.length;
    after = states.at(-1)?.job.jobId ?? null;
  }
  if (jobs !== JOBS) throw new BenchError("wrong", `${jobs} of ${JOBS} jobs were loaded.`);
  return (performance.now() - startedAt) / jobs;
}

async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let query = 0; query < WARM_UP_QUERIES + QUERIES; query++) {
    const startedAt = performance.now();
    await ask();
    times.push(performance.now() - startedAt);
  }
  return medianOf(times.slice(WARM_UP_QUERIES));
}
