import type { AlertLevel } from "../model/alert.ts";
import { LIMITS } from "../model/limits.ts";
import type { Dataset } from "../model/run.ts";
import type { DatasetUse, JobSave, RunSave, TransitionRow, Unit } from "../ports/stores.ts";
import type { JobFace } from "./board-rows.ts";
import { encodeJobState, type JobStateTexts } from "./job-state.ts";
import { type LiveRun, textOf } from "./live-run.ts";
import type { MissedSlots } from "./missed-starts.ts";
import { columnsOf } from "./run-columns.ts";
import type { DigestRing, Neighbours } from "./run-digest.ts";
import type { Stamped } from "./run-summary.ts";

/** What a unit is made of. */
export interface UnitParts {
  readonly job: { readonly partition: number; readonly sourceId: string; readonly face: JobFace };
  readonly seen: Pick<JobSave, "firstSeenAt" | "lastSeenAt">;
  readonly forgotSome: boolean;
  readonly missed: MissedSlots;
  readonly unwatched: boolean;
  /** All that are in memory. */
  readonly runs: ReadonlyMap<string, LiveRun>;
  readonly changed: readonly LiveRun[];
  readonly ring: DigestRing;
  readonly neighboursOf: (run: LiveRun) => Neighbours;
  readonly transitions: readonly TransitionRow[];
  readonly alerts: readonly AlertLevel[];
}

/** All that is saved of one job at once. */
export function unitOf(parts: UnitParts): Unit {
  const { job, seen, changed, transitions, alerts } = parts;
  const { partition, sourceId, face } = job;
  const { jobId, namespace, name, teamId } = face;
  const datasets = datasetsOf(changed);
  return {
    partition,
    job: { jobId, sourceId, namespace, name, ownerTeamId: teamId, ...seen, state: stateOf(parts) },
    runs: changed.map((run) => saveOf(run, parts)),
    transitions,
    notes: [],
    ...(alerts.length > 0 ? { alerts } : {}),
    ...(datasets.length > 0 ? { datasets } : {}),
  };
}

function stateOf({ ring, runs, forgotSome, missed, unwatched }: UnitParts): string {
  return encodeJobState({
    forgotSome,
    digests: ring.text,
    ...ring.behind,
    runs: [...runs.values()].map(keptText),
    missed,
    unwatched,
  });
}

/** A run as its job's state keeps it. */
function keptText(run: LiveRun): JobStateTexts["runs"][number] {
  const { complete, judgement, said } = run;
  return { summary: textOf(run), complete, shown: judgement.state, said };
}

/** A run as it is saved: in full where memory has all of it and knows its neighbours. */
function saveOf(run: LiveRun, { ring, neighboursOf }: UnitParts): RunSave {
  const whole = run.complete && ring.has(run.summary.executionId);
  return {
    mode: whole ? "put" : "amend",
    columns: columnsOf(run.summary, neighboursOf(run), run.judgement.state),
    summary: textOf(run),
  };
}

/** Datasets that the ended ones of these runs read and wrote, each once, at most LIMITS.datasetsPerUnit. */
function datasetsOf(runs: readonly LiveRun[]): readonly DatasetUse[] {
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
