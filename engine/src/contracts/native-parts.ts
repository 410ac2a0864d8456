import { COUNTER_NAMES, type Counters, type ParentRun, type Progress } from "../model/run.ts";
import { keptText } from "../masking/mask-json.ts";
import { LIMITS } from "../model/limits.ts";
import { readAmount, readCount, readName, readObject, readString } from "./readers.ts";
import { Refusal, shown } from "./refusal.ts";
import { rememberedRun } from "./run-memory.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const COUNTERS: ReadonlySet<string> = new Set(COUNTER_NAMES);

function isCounter(key: string): key is keyof Counters {
  return COUNTERS.has(key);
}

/** `run.parent`: the run id of another run of the same job, or `{job: {namespace?, name}, run: {id}}`. */
export function readParent(
  value: unknown,
  child: { readonly namespace: string; readonly name: string },
  sourceId: string,
): ParentRun {
  if (typeof value === "string") {
    const runKey = readName(value, "run.parent");
    return parentOf(sourceId, child.namespace, child.name, runKey);
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    const message = "run.parent must be a run id of the same job or {job: {name}, run: {id}}";
    throw new Refusal("wrong_type", message, "run.parent");
  }
  const parent = readObject(value, "run.parent");
  const job = readObject(parent["job"], "run.parent.job");
  const run = readObject(parent["run"], "run.parent.run");
  const namespace =
    job["namespace"] == null
      ? child.namespace
      : readName(job["namespace"], "run.parent.job.namespace");
  const name = readName(job["name"], "run.parent.job.name");
  return parentOf(sourceId, namespace, name, readName(run["id"], "run.parent.run.id"));
}

export function parentOf(
  sourceId: string,
  namespace: string,
  name: string,
  runKey: string,
): ParentRun {
  const { executionId } = rememberedRun(sourceId, namespace, name, runKey);
  return { executionId, namespace, name, runKey };
}

export function readStage(value: unknown): { readonly name: string; readonly index?: number } {
  const stage = readObject(value, "stage");
  const name = readName(stage["name"], "stage.name");
  if (stage["index"] == null) return { name };
  return { name, index: readCount(stage["index"], "stage.index") };
}

export function readProgress(value: unknown): Progress {
  const members = readObject(value, "progress");
  const progress: Writable<Progress> = { done: readAmount(members["done"], "progress.done") };
  if (members["total"] != null) progress.total = readAmount(members["total"], "progress.total");
  if (members["unit"] != null) {
    const unit = readString(members["unit"], "progress.unit");
    progress.unit = keptText(unit, LIMITS.nameLength);
  }
  return progress;
}

/** A counter we do not know is refused: it is most likely a known one, misspelt. */
export function readCounters(value: unknown): Counters {
  const members = readObject(value, "counters");
  const counters: Writable<Counters> = {};
  for (const key in members) {
    if (!isCounter(key)) {
      const field = `counters.${shown(key)}`;
      const message = `${field} is not a counter; the counters are ${COUNTER_NAMES.join(", ")}`;
      throw new Refusal("unknown_field", message, field);
    }
    const count = members[key];
    if (count != null) counters[key] = readCount(count, `counters.${key}`);
  }
  return counters;
}
