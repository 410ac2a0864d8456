import { LIMITS } from "../model/limits.ts";
import { COUNTER_NAMES, type Counters, type EndedState, type Progress } from "../model/run.ts";
import { joinCommits } from "./commits.ts";
import {
  emptyStage,
  type Ending,
  type ErrorNote,
  NONE,
  type RunSummary,
  type StageSummary,
  type Stamped,
} from "./run-summary.ts";

/** At the same instant the worse news wins. */
const END_RANK: Record<EndedState, number> = { succeeded: 1, stopped: 2, failed: 3 };

export function earliest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}

export function latestEnd(a: Ending | null, b: Ending | null): Ending | null {
  if (a === null) return b;
  if (b === null) return a;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  if (a.state !== b.state) return END_RANK[a.state] > END_RANK[b.state] ? a : b;
  return a.factId >= b.factId ? a : b;
}

/** Newest statement; at the same instant the larger JSON text, so that the choice does not depend on order. */
export function newest<T>(a: Stamped<T> | null, b: Stamped<T> | null): Stamped<T> | null {
  if (a === null) return b;
  if (b === null) return a;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return JSON.stringify(a.value) >= JSON.stringify(b.value) ? a : b;
}

/**
 * What is stated joined with one more statement: in place where that is newer, as nearly every progress is. Then no object is
 * made that outlives the fact.
 */
export function stated<T>(
  known: Stamped<T> | null,
  at: number,
  value: T,
  join: (a: Stamped<T> | null, b: Stamped<T> | null) => Stamped<T> | null,
): Stamped<T> | null {
  if (known === null || at <= known.at) return join(known, { at, value });
  known.at = at;
  known.value = value;
  return known;
}

/** Newest progress; it is absolute, so at the same instant the further one. */
export function furthest(
  a: Stamped<Progress> | null,
  b: Stamped<Progress> | null,
): Stamped<Progress> | null {
  if (a === null || b === null || a.at !== b.at) return newest(a, b);
  if (a.value.done !== b.value.done) return a.value.done > b.value.done ? a : b;
  return newest(a, b);
}

/** Newest counters; at the same instant the larger of each, because they only grow. */
export function newestCounters(
  a: Stamped<Counters> | null,
  b: Stamped<Counters> | null,
): Stamped<Counters> | null {
  if (a === null || b === null || a.at !== b.at)
    return a !== null && (b === null || a.at > b.at) ? a : b;
  if (!isLarger(b.value, a.value)) return a;
  if (!isLarger(a.value, b.value)) return b;
  const value: Record<string, number> = {};
  for (const name of COUNTER_NAMES) {
    const x = a.value[name];
    const y = b.value[name];
    if (x !== undefined || y !== undefined) value[name] = Math.max(x ?? 0, y ?? 0);
  }
  return { at: a.at, value };
}

/** Whether some counter is larger than it is there, or is not there at all. */
function isLarger(one: Counters, than: Counters): boolean {
  return COUNTER_NAMES.some((name) => (one[name] ?? -1) > (than[name] ?? -1));
}

/**
 * Keeps the `most` smallest names: which ones stay depends on the set alone, not on the order of arrival.
 * Deterministic bounds matter more here than which of hundreds of names is dropped. Answers the map: one of the run's own.
 */
export function setBounded<V>(
  known: ReadonlyMap<string, V>,
  key: string,
  value: V,
  most: number,
): ReadonlyMap<string, V> {
  const map = known === NONE ? new Map<string, V>() : (known as Map<string, V>);
  if (map.has(key) || map.size < most) return map.set(key, value);
  let largest = key;
  for (const name of map.keys()) if (name > largest) largest = name;
  if (largest === key) return map;
  map.delete(largest);
  return map.set(key, value);
}

/** Union of error notes, newest first, at most LIMITS.errorsPerRun. */
export function newestErrors(
  a: readonly ErrorNote[],
  b: readonly ErrorNote[],
): readonly ErrorNote[] {
  if (b.length === 0) return a;
  const byId = new Map<string, ErrorNote>();
  for (const note of a) byId.set(note.factId, note);
  for (const note of b) byId.set(note.factId, note);
  return [...byId.values()]
    .sort((x, y) => y.at - x.at || (x.factId < y.factId ? 1 : -1))
    .slice(0, LIMITS.errorsPerRun);
}

function joinStage(into: StageSummary, other: StageSummary): void {
  if (other.index !== null)
    into.index = into.index === null ? other.index : Math.max(into.index, other.index);
  into.startedAt = earliest(into.startedAt, other.startedAt);
  into.lastFactAt = Math.max(into.lastFactAt, other.lastFactAt);
  into.end = latestEnd(into.end, other.end);
  into.progress = ownCopy(furthest(into.progress, other.progress));
  into.counters = ownCopy(newestCounters(into.counters, other.counters));
  if (into.end === null) joinCommits(into.commits, other.commits);
  else into.commits.length = 0;
}

/** What changes in place is never shared by two summaries. */
function ownCopy<T>(stamped: Stamped<T> | null): Stamped<T> | null {
  return stamped === null ? null : { at: stamped.at, value: stamped.value };
}

function joinMap<V>(
  into: ReadonlyMap<string, Stamped<V>>,
  other: ReadonlyMap<string, Stamped<V>>,
  most: number,
): ReadonlyMap<string, Stamped<V>> {
  let joined = into;
  for (const [key, value] of other) {
    joined = setBounded(joined, key, newest(joined.get(key) ?? null, value) ?? value, most);
  }
  return joined;
}

/** The lag of the newest fact; of a fact that came more than once, that of its first coming. */
export function lagOfNewest(
  a: Pick<RunSummary, "lastFactAt" | "lagMs">,
  b: Pick<RunSummary, "lastFactAt" | "lagMs">,
): number | null {
  if (a.lastFactAt !== b.lastFactAt) return a.lastFactAt > b.lastFactAt ? a.lagMs : b.lagMs;
  return a.lagMs === null || b.lagMs === null ? null : Math.min(a.lagMs, b.lagMs);
}

/** Joins `other` into `into`. Both must be of the same run. */
export function joinSummary(into: RunSummary, other: RunSummary): void {
  const lagMs = lagOfNewest(into, other);
  into.firstFactAt = Math.min(into.firstFactAt, other.firstFactAt);
  into.lastFactAt = Math.max(into.lastFactAt, other.lastFactAt);
  into.scheduledAt = earliest(into.scheduledAt, other.scheduledAt);
  into.startedAt = earliest(into.startedAt, other.startedAt);
  into.active = into.active || other.active;
  into.historical = into.historical && other.historical;
  into.clamped = into.clamped || other.clamped;
  into.end = latestEnd(into.end, other.end);
  into.lagMs = into.end === null ? lagMs : null;
  into.progress = ownCopy(furthest(into.progress, other.progress));
  into.counters = ownCopy(newestCounters(into.counters, other.counters));
  if (into.end === null) joinCommits(into.commits, other.commits);
  else into.commits.length = 0;
  into.parent = newest(into.parent, other.parent);
  into.nominalAt = newest(into.nominalAt, other.nominalAt);
  into.businessDate = newest(into.businessDate, other.businessDate);
  into.host = newest(into.host, other.host);
  into.appVersion = newest(into.appVersion, other.appVersion);
  into.metrics = joinMap(into.metrics, other.metrics, LIMITS.paramsPerRun);
  into.params = joinMap(into.params, other.params, LIMITS.paramsPerRun);
  into.inputs = joinMap(into.inputs, other.inputs, LIMITS.datasetsPerRun);
  into.outputs = joinMap(into.outputs, other.outputs, LIMITS.datasetsPerRun);
  for (const [name, stage] of other.stages) {
    const known = into.stages.get(name) ?? emptyStage(name);
    joinStage(known, stage);
    into.stages = setBounded(into.stages, name, known, LIMITS.stagesPerRun);
  }
  into.errors = newestErrors(into.errors, other.errors);
}
