import type { Observation } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { EndedState } from "../model/run.ts";
import { addCommit } from "./commits.ts";
import {
  earliest,
  furthest,
  lagOfNewest,
  latestEnd,
  newest,
  newestCounters,
  newestErrors,
  setBounded,
  stated,
} from "./join.ts";
import {
  datasetKey,
  emptyStage,
  factIdOf,
  type Ending,
  type RunSummary,
  type StageSummary,
  type Stamped,
} from "./run-summary.ts";

const ENDED: Partial<Record<Observation["kind"], EndedState>> = {
  succeeded: "succeeded",
  failed: "failed",
  stopped: "stopped",
};

/**
 * Joins one fact into its run, in place. Returns the fact's id when it is a transition, else null.
 * @param receivedAt epoch ms by our clock; what a fact says of time is by its producer's
 */
export function joinFact(run: RunSummary, fact: Observation, receivedAt: number): string | null {
  const at = fact.occurredAt;
  run.lagMs = lagOfNewest(run, { lastFactAt: at, lagMs: receivedAt > at ? receivedAt - at : null });
  if (at < run.firstFactAt) run.firstFactAt = at;
  if (at > run.lastFactAt) run.lastFactAt = at;
  if (fact.historical !== true) run.historical = false;
  if (fact.clamped === true) run.clamped = true;
  if (fact.kind !== "scheduled" && fact.kind !== "log") run.active = true;

  const transition = fact.kind !== "progress" && fact.kind !== "log";
  const factId = transition ? factIdOf(fact) : null;
  const ended = ENDED[fact.kind];
  const end: Ending | null =
    ended === undefined || factId === null
      ? null
      : {
          state: ended,
          at,
          factId,
          message: fact.message ?? null,
          exitCode: fact.exitCode ?? null,
        };

  if (fact.stage === undefined) joinRunLevel(run, fact, end);
  else joinStageLevel(run, fact, fact.stage, end);
  if (run.end !== null) run.lagMs = null;

  if (end?.state === "failed" && (end.message !== null || end.exitCode !== null)) {
    run.errors = newestErrors(run.errors, [
      {
        at,
        factId: end.factId,
        stage: fact.stage?.name ?? null,
        message: end.message ?? `exit code ${end.exitCode ?? ""}`,
        exitCode: end.exitCode,
      },
    ]);
  }
  joinDescriptions(run, fact, at);
  return factId;
}

function joinRunLevel(run: RunSummary, fact: Observation, end: Ending | null): void {
  const at = fact.occurredAt;
  if (fact.kind === "scheduled") run.scheduledAt = earliest(run.scheduledAt, at);
  if (fact.kind === "started") run.startedAt = earliest(run.startedAt, at);
  run.end = latestEnd(run.end, end);
  if (fact.progress !== undefined) run.progress = stated(run.progress, at, fact.progress, furthest);
  if (fact.counters !== undefined) {
    run.counters = stated(run.counters, at, fact.counters, newestCounters);
  }
  if (run.end !== null) run.commits.length = 0;
  else if (fact.kind === "progress") addCommit(run.commits, at);
}

function joinStageLevel(
  run: RunSummary,
  fact: Observation,
  named: NonNullable<Observation["stage"]>,
  end: Ending | null,
): void {
  const at = fact.occurredAt;
  let stage: StageSummary | undefined = run.stages.get(named.name);
  if (stage === undefined) {
    stage = emptyStage(named.name);
    run.stages = setBounded(run.stages, named.name, stage, LIMITS.stagesPerRun);
  }
  if (named.index !== undefined) stage.index = Math.max(stage.index ?? 0, named.index);
  if (at > stage.lastFactAt) stage.lastFactAt = at;
  if (fact.kind === "started") stage.startedAt = earliest(stage.startedAt, at);
  stage.end = latestEnd(stage.end, end);
  if (fact.progress !== undefined) {
    stage.progress = stated(stage.progress, at, fact.progress, furthest);
  }
  if (fact.counters !== undefined) {
    stage.counters = stated(stage.counters, at, fact.counters, newestCounters);
  }
  if (stage.end !== null) stage.commits.length = 0;
  else if (fact.kind === "progress") addCommit(stage.commits, at);
}

function put<V>(
  map: ReadonlyMap<string, Stamped<V>>,
  key: string,
  at: number,
  value: V,
  most: number,
): ReadonlyMap<string, Stamped<V>> {
  const one = { at, value };
  return setBounded(map, key, newest(map.get(key) ?? null, one) ?? one, most);
}

function joinDescriptions(run: RunSummary, fact: Observation, at: number): void {
  if (fact.parent !== undefined) run.parent = newest(run.parent, { at, value: fact.parent });
  if (fact.nominalAt !== undefined) {
    run.nominalAt = newest(run.nominalAt, { at, value: fact.nominalAt });
  }
  if (fact.businessDate !== undefined) {
    const value = { day: fact.businessDate, origin: fact.businessDateOrigin ?? "PARAMETER" };
    run.businessDate = newest(run.businessDate, { at, value });
  }
  if (fact.host !== undefined) run.host = newest(run.host, { at, value: fact.host });
  if (fact.appVersion !== undefined) {
    run.appVersion = newest(run.appVersion, { at, value: fact.appVersion });
  }
  for (const dataset of fact.inputs ?? []) {
    run.inputs = put(run.inputs, datasetKey(dataset), at, dataset, LIMITS.datasetsPerRun);
  }
  for (const dataset of fact.outputs ?? []) {
    run.outputs = put(run.outputs, datasetKey(dataset), at, dataset, LIMITS.datasetsPerRun);
  }
  if (fact.metrics !== undefined) {
    for (const [name, value] of Object.entries(fact.metrics)) {
      run.metrics = put(run.metrics, name, at, value, LIMITS.paramsPerRun);
    }
  }
  if (fact.params !== undefined) {
    for (const [name, value] of Object.entries(fact.params)) {
      run.params = put(run.params, name, at, value, LIMITS.paramsPerRun);
    }
  }
}
