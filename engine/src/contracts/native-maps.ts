import { keptText, keptValue } from "../masking/mask-json.ts";
import type { MaskExceptions } from "../model/masked.ts";
import { LIMITS } from "../model/limits.ts";
import type { Dataset } from "../model/run.ts";
import { readAmount, readCount, readName, readObject, scalarText } from "./readers.ts";
import { Refusal, shown } from "./refusal.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const DEFAULT_NAMESPACE = "default";

/** The first LIMITS.paramsPerRun metrics; the rest is checked and dropped. */
export function readMetrics(value: unknown): Record<string, number> {
  const metrics: Record<string, number> = {};
  let kept = 0;
  for (const [key, amount] of Object.entries(readObject(value, "metrics"))) {
    if (amount === null) continue;
    const number = readAmount(amount, `metrics.${shown(key)}`);
    if (kept >= LIMITS.paramsPerRun) continue;
    metrics[keptText(key, LIMITS.nameLength)] = number;
    kept += 1;
  }
  return metrics;
}

/** The first LIMITS.paramsPerRun parameters, masked but for what `keeps` says, as text; the rest is checked and dropped. */
export function readParams(value: unknown, keeps?: MaskExceptions): Record<string, string> {
  const params: Record<string, string> = {};
  let kept = 0;
  for (const [key, entry] of Object.entries(readObject(value, "params"))) {
    if (entry === null) continue;
    const text = scalarText(entry);
    if (text === null) {
      const field = `params.${shown(key)}`;
      throw new Refusal("wrong_type", `${field} must be text, a number, true or false`, field);
    }
    if (kept >= LIMITS.paramsPerRun) continue;
    params[keptText(key, LIMITS.nameLength)] = keptValue(key, text, keeps?.get(key));
    kept += 1;
  }
  return params;
}

/** `[name, …]` or `[{namespace?, name, rows?, bytes?, files?}, …]`; the first LIMITS.datasetsPerRun, the rest is checked and dropped. */
export function readDatasets(value: unknown, field: string): Dataset[] {
  if (!Array.isArray(value)) throw new Refusal("wrong_type", `${field} must be an array`, field);
  return value
    .map((entry: unknown, index) => readDataset(entry, `${field}[${index}]`))
    .slice(0, LIMITS.datasetsPerRun);
}

function readDataset(value: unknown, field: string): Dataset {
  if (typeof value === "string") {
    return { namespace: DEFAULT_NAMESPACE, name: readName(value, field) };
  }
  const members = readObject(value, field);
  const dataset: Writable<Dataset> = {
    namespace:
      members["namespace"] == null
        ? DEFAULT_NAMESPACE
        : readName(members["namespace"], `${field}.namespace`),
    name: readName(members["name"], `${field}.name`),
  };
  for (const key of ["rows", "bytes", "files"] as const) {
    if (members[key] != null) dataset[key] = readCount(members[key], `${field}.${key}`);
  }
  return dataset;
}
