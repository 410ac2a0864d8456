import type { Dataset } from "../model/run.ts";
import { STREAMS } from "./streams.ts";

export const SAMPLE_NAMESPACE = "sample-bank";
const DATASET_NAMESPACE = "sample-bank-warehouse";
const MINUTE_MS = 60_000;
/** A job's nominal time leaves its predecessors this much more than their usual duration, … */
const SLACK_RATIO = 1.12;
/** … and is a multiple of this, as in a real schedule. */
const SLOT_MS = 5 * MINUTE_MS;

/** A job of the invented bank. Times are milliseconds since the night opened, at the bank's own speed. */
export interface SampleJob {
  readonly name: string;
  readonly team: string;
  readonly nominalMs: number;
  readonly usualMs: number;
  /** Rows that each stage usually reads. */
  readonly usualRows: number;
  readonly stages: readonly string[];
  readonly after: readonly string[];
  /** The job that starts this one while it runs itself. */
  readonly parent: string | null;
  readonly output: Dataset;
}

function firstSlotAfter(ms: number): number {
  return Math.ceil(ms / SLOT_MS) * SLOT_MS;
}

function readJob(team: string, line: string, known: ReadonlyMap<string, SampleJob>): SampleJob {
  const [name = "", minutes = "", rows = "", stages = "", when = ""] = line
    .split("|")
    .map((cell) => cell.trim());
  const words = when.split(" ");
  const first = words[0] ?? "";
  const named = (job: string): SampleJob => {
    const found = known.get(job);
    if (found === undefined)
      throw new Error(`${name} follows ${job}, which is not listed above it`);
    return found;
  };
  const job = {
    name,
    team,
    usualMs: Number(minutes) * MINUTE_MS,
    usualRows: Number(rows),
    stages: stages.split(" "),
    output: { namespace: DATASET_NAMESPACE, name: `${team}.${name.replaceAll("-", "_")}` },
  };
  if (first.startsWith("@")) {
    return { ...job, nominalMs: Number(first.slice(1)) * MINUTE_MS, after: [], parent: null };
  }
  if (first.startsWith("^")) {
    const parent = named(first.slice(1));
    const nominalMs = parent.nominalMs + Number(words[1]) * MINUTE_MS;
    return { ...job, nominalMs, after: [], parent: parent.name };
  }
  const ends = words.map((word) => named(word).nominalMs + named(word).usualMs * SLACK_RATIO);
  const nominalMs = firstSlotAfter(Math.max(...ends));
  return { ...job, nominalMs, after: words, parent: null };
}

function readStreams(): ReadonlyMap<string, SampleJob> {
  const jobs = new Map<string, SampleJob>();
  for (const [team, lines] of Object.entries(STREAMS)) {
    for (const line of lines.trim().split("\n")) {
      const job = readJob(team, line, jobs);
      jobs.set(job.name, job);
    }
  }
  return jobs;
}

/** Every job by its name; a job stands after those it follows. */
export const SAMPLE_JOBS: ReadonlyMap<string, SampleJob> = readStreams();
