import { executionIdOf, jobIdOf, partitionOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";

/** Which run a fact is of: names as they are kept, and what is computed of them. */
export interface KnownRun {
  readonly namespace: string;
  readonly name: string;
  readonly runKey: string;
  readonly jobId: string;
  readonly executionId: string;
  readonly partition: number;
}

type RunsByKey = Map<string, KnownRun>;
type JobsByName = Map<string, RunsByKey>;

/** Runs by source, namespace, name and run key as they were sent. */
class Generation {
  readonly #jobs = new Map<string, Map<string, JobsByName>>();
  size = 0;

  get(sourceId: string, namespace: string, name: string, runKey: string): KnownRun | undefined {
    return this.#jobs.get(sourceId)?.get(namespace)?.get(name)?.get(runKey);
  }

  set(sourceId: string, namespace: string, name: string, runKey: string, run: KnownRun): void {
    const namespaces = within(this.#jobs, sourceId);
    within(within(namespaces, namespace), name).set(runKey, run);
    this.size += 1;
  }
}

/**
 * Runs by the names they are sent with, so that names seen lately are not checked, masked and hashed again. All of
 * that depends on the names alone, so remembering changes no answer, only its cost; two generations of half the limit
 * each keep it bounded, and dropping the older one forgets what was not used lately.
 */
export class KnownRuns {
  #young = new Generation();
  #old = new Generation();

  get(sourceId: string, namespace: string, name: string, runKey: string): KnownRun | undefined {
    const run = this.#young.get(sourceId, namespace, name, runKey);
    if (run !== undefined) return run;
    const older = this.#old.get(sourceId, namespace, name, runKey);
    if (older !== undefined) this.set(sourceId, namespace, name, runKey, older);
    return older;
  }

  set(sourceId: string, namespace: string, name: string, runKey: string, run: KnownRun): void {
    if (this.#young.size >= LIMITS.idsRemembered / 2) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    this.#young.set(sourceId, namespace, name, runKey, run);
  }
}

/** The run of these names, which must be as they are kept. */
export function runOf(sourceId: string, namespace: string, name: string, runKey: string): KnownRun {
  const jobId = jobIdOf(sourceId, namespace, name);
  const executionId = executionIdOf(sourceId, namespace, name, runKey);
  return { namespace, name, runKey, jobId, executionId, partition: partitionOf(jobId) };
}

function within<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, V>();
  map.set(key, made);
  return made;
}
