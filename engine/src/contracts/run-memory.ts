import { type KnownRun, KnownRuns, runOf } from "./known-runs.ts";
import { readName } from "./readers.ts";

const known = new KnownRuns();

/** The run of names that a native member gives, checked and masked. Throws a `Refusal` that names the field. */
export function readRun(
  sourceId: string,
  namespace: unknown,
  name: unknown,
  runKey: unknown,
): KnownRun {
  if (typeof namespace !== "string" || typeof name !== "string" || typeof runKey !== "string") {
    return checkedRun(sourceId, namespace, name, runKey);
  }
  const remembered = known.get(sourceId, namespace, name, runKey);
  if (remembered !== undefined) return remembered;
  const run = checkedRun(sourceId, namespace, name, runKey);
  // What was masked in a name must not stay in memory.
  if (run.namespace === namespace && run.name === name && run.runKey === runKey) {
    known.set(sourceId, namespace, name, runKey, run);
  }
  return run;
}

/** The run of names that are as they are kept. */
export function rememberedRun(
  sourceId: string,
  namespace: string,
  name: string,
  runKey: string,
): KnownRun {
  const remembered = known.get(sourceId, namespace, name, runKey);
  if (remembered !== undefined) return remembered;
  const run = runOf(sourceId, namespace, name, runKey);
  known.set(sourceId, namespace, name, runKey, run);
  return run;
}

function checkedRun(
  sourceId: string,
  namespace: unknown,
  name: unknown,
  runKey: unknown,
): KnownRun {
  const kept = [
    readName(namespace, "job.namespace"),
    readName(name, "job.name"),
    readName(runKey, "run.id"),
  ] as const;
  return runOf(sourceId, ...kept);
}
