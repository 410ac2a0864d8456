import { keptText, keptValue } from "../masking/mask-json.ts";
import { LIMITS } from "../model/limits.ts";
import type { MaskExceptions } from "../model/masked.ts";
import type { Dataset, ParentRun } from "../model/run.ts";
import type { ReadContext } from "./admit-types.ts";
import { parentOf } from "./native-parts.ts";
import { readTime } from "./read-time.ts";
import { isCardLike, isObject, type Members, readName, scalarText } from "./readers.ts";
import { Refusal } from "./refusal.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Facets are optional and come in many versions: what cannot be read is left out, and the event is kept.
 * The two spellings of `parent` are both in use.
 */
export function parentRunOf(facets: Members, sourceId: string): ParentRun | null {
  const parent = objectAt(facets, "parent") ?? objectAt(facets, "parentRun");
  const job = parent === null ? null : objectAt(parent, "job");
  const run = parent === null ? null : objectAt(parent, "run");
  if (job === null || run === null) return null;
  const namespace = nameOrNull(job["namespace"]);
  const name = nameOrNull(job["name"]);
  const runKey = nameOrNull(run["runId"]);
  if (namespace === null || name === null || runKey === null) return null;
  return parentOf(sourceId, namespace, name, runKey);
}

/** Scheduled time of the run, epoch milliseconds. */
export function nominalTimeOf(facets: Members, context: ReadContext): number | null {
  const start = objectAt(facets, "nominalTime")?.["nominalStartTime"];
  if (typeof start !== "string") return null;
  return orNull(() => readTime(start, "nominalStartTime", context.source.zone, context.receivedAt));
}

/** The message alone: a stack trace is long and tells little that a person can act on. */
export function errorMessageOf(facets: Members): string | null {
  const message = objectAt(facets, "errorMessage")?.["message"];
  return typeof message === "string" ? keptText(message) : null;
}

/** Name of the first owner; `team:payments` is the spelling the specification suggests. */
export function ownerClaimOf(facets: Members): string | null {
  const owners = objectAt(facets, "ownership")?.["owners"];
  const first: unknown = Array.isArray(owners) ? owners[0] : null;
  const name = isObject(first) ? first["name"] : null;
  return typeof name === "string" ? keptText(name.replace(/^team:/, "")) : null;
}

/** Execution parameters and tags as one map, masked but for what `keeps` says; null when there are none. */
export function paramsOf(facets: Members, keeps?: MaskExceptions): Record<string, string> | null {
  const entries = [
    ...listAt(objectAt(facets, "executionParameters"), "parameters"),
    ...listAt(objectAt(facets, "tags"), "tags"),
  ];
  const params = new Map<string, string>();
  for (const entry of entries) {
    if (params.size >= LIMITS.paramsPerRun) break;
    if (!isObject(entry)) continue;
    const { key, value } = entry;
    if (typeof key !== "string") continue;
    const text = scalarText(value);
    if (text === null) continue;
    params.set(keptText(key, LIMITS.nameLength), keptValue(key, text, keeps?.get(key)));
  }
  return params.size === 0 ? null : Object.fromEntries(params);
}

/** The first LIMITS.datasetsPerRun datasets that have a name. */
export function datasetsOf(value: unknown, own: string, statistics: string): Dataset[] {
  const datasets: Dataset[] = [];
  for (const entry of Array.isArray(value) ? (value as unknown[]) : []) {
    if (datasets.length >= LIMITS.datasetsPerRun) break;
    if (!isObject(entry)) continue;
    const { namespace, name } = entry;
    if (typeof namespace !== "string" || typeof name !== "string" || name === "") continue;
    const facet =
      objectAt(objectAt(entry, own) ?? {}, statistics) ??
      objectAt(objectAt(entry, "facets") ?? {}, statistics);
    datasets.push({
      namespace: keptText(namespace, LIMITS.nameLength),
      name: keptText(name, LIMITS.nameLength),
      ...sizesOf(facet ?? {}),
    });
  }
  return datasets;
}

function sizesOf(facet: Members): Pick<Dataset, "rows" | "bytes" | "files"> {
  const sizes: Writable<Pick<Dataset, "rows" | "bytes" | "files">> = {};
  if (isCount(facet["rowCount"])) sizes.rows = facet["rowCount"];
  if (isCount(facet["size"])) sizes.bytes = facet["size"];
  if (isCount(facet["fileCount"])) sizes.files = facet["fileCount"];
  return sizes;
}

function isCount(value: unknown): value is number {
  return (
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && !isCardLike(value)
  );
}

function objectAt(members: Members, key: string): Members | null {
  const value = Object.hasOwn(members, key) ? members[key] : null;
  return isObject(value) ? value : null;
}

function listAt(members: Members | null, key: string): readonly unknown[] {
  const value = members?.[key];
  return Array.isArray(value) ? value : [];
}

function nameOrNull(value: unknown): string | null {
  return orNull(() => readName(value, ""));
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
