import { LIMITS } from "../model/limits.ts";
import type { Dataset } from "../model/run.ts";
import type { DatasetUse, RunSave } from "../ports/stores.ts";
import { type LiveRun, textOf } from "./live-run.ts";
import { columnsOf } from "./run-columns.ts";
import type { DigestRing } from "./run-digest.ts";
import type { Stamped } from "./run-summary.ts";

/** A run as it is saved: in full where memory has all of it and knows its neighbours. */
export function saveOf(run: LiveRun, ring: DigestRing): RunSave {
  const whole = run.complete && ring.find(run.summary.executionId) !== undefined;
  return {
    mode: whole ? "put" : "amend",
    columns: columnsOf(run.summary, ring, run.judgement.state),
    summary: textOf(run),
  };
}

/** Datasets that the ended ones of these runs read and wrote, each once, at most LIMITS.datasetsPerUnit. */
export function datasetsOf(runs: readonly LiveRun[]): readonly DatasetUse[] {
  const uses = new Map<string, DatasetUse>();
  const add = (direction: DatasetUse["direction"], all: ReadonlyMap<string, Stamped<Dataset>>) => {
    for (const { value } of all.values()) {
      if (uses.size >= LIMITS.datasetsPerUnit) return;
      const dataset = `${value.namespace}/${value.name}`;
      uses.set(`${direction} ${dataset}`, { direction, dataset });
    }
  };
  for (const { summary } of runs) {
    if (summary.end === null) continue;
    add("in", summary.inputs);
    add("out", summary.outputs);
  }
  return [...uses.values()];
}
