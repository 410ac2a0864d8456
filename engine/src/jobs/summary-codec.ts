import {
  emptyStage,
  emptySummary,
  NONE,
  type RunSummary,
  type StageSummary,
} from "./run-summary.ts";

const FIELDS = Object.keys(emptySummary("", "", "")) as readonly (keyof RunSummary)[];
const STAGE_FIELDS = Object.keys(emptyStage("")) as readonly (keyof StageSummary)[];
const MAPS = ["metrics", "params", "inputs", "outputs"] as const;

/**
 * JSON-safe form of a summary: maps become sorted entry lists, so equal summaries give equal text. What is null, false or
 * empty is left out, as most of a run is.
 */
function packSummary(summary: RunSummary): Record<string, unknown> {
  const packed = withoutNothing(summary, FIELDS);
  for (const name of MAPS) {
    const map: ReadonlyMap<string, unknown> = summary[name];
    if (map.size > 0) packed[name] = entriesOf(map);
  }
  if (summary.stages.size > 0) {
    packed["stages"] = entriesOf(summary.stages).map(([name, stage]) => [
      name,
      withoutNothing(stage, STAGE_FIELDS),
    ]);
  }
  return packed;
}

/** The reverse of {@link packSummary}; trusts its input, which only this program writes. Earlier versions left nothing out. */
export function unpackSummary(packed: unknown): RunSummary {
  const said = packed as Readonly<Record<string, unknown>>;
  const summary = Object.assign(emptySummary("", "", ""), { historical: false }, said);
  const stages = mapOf(said["stages"]) as ReadonlyMap<string, StageSummary>;
  for (const name of MAPS) Object.assign(summary, { [name]: mapOf(said[name]) });
  summary.stages = stages === NONE ? NONE : new Map([...stages].map(wholeStage));
  return summary;
}

export function encodeSummary(summary: RunSummary): string {
  return JSON.stringify(packSummary(summary));
}

export function decodeSummary(text: string): RunSummary {
  return unpackSummary(JSON.parse(text));
}

function withoutNothing<T extends object>(
  whole: T,
  fields: readonly (keyof T)[],
): Record<PropertyKey, unknown> {
  const some: Record<PropertyKey, unknown> = {};
  for (const name of fields) {
    const value: unknown = whole[name];
    if (value === null || value === false || value instanceof Map) continue;
    if (!Array.isArray(value) || value.length > 0) some[name] = value;
  }
  return some;
}

function entriesOf<V>(map: ReadonlyMap<string, V>): readonly (readonly [string, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function mapOf(entries: unknown): ReadonlyMap<string, unknown> {
  const known = (entries ?? []) as readonly [string, unknown][];
  return known.length === 0 ? NONE : new Map(known);
}

function wholeStage([name, stage]: [string, StageSummary]): [string, StageSummary] {
  return [name, Object.assign(emptyStage(name), stage)];
}
