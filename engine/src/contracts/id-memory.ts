import { executionIdOf, jobIdOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";

/**
 * Hash ids by what they are made of. Remembering changes no answer, only its cost; two generations of half the limit
 * each keep it bounded, and dropping the older one forgets what was not used lately.
 */
class IdMemory {
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  get(key: string): string | undefined {
    const id = this.#young.get(key);
    if (id !== undefined) return id;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, id: string): void {
    if (this.#young.size >= LIMITS.idsRemembered / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, id);
  }
}

const jobs = new IdMemory();
const runs = new IdMemory();
let unmetJobs: string[] = [];

/** Job ids that were not remembered since the last call: every new job is among them. */
export function takeUnmetJobs(): readonly string[] {
  const taken = unmetJobs;
  unmetJobs = [];
  return taken;
}

export function rememberedJobId(sourceId: string, namespace: string, name: string): string {
  const key = `${sourceId}\u0000${namespace}\u0000${name}`;
  const known = jobs.get(key);
  if (known !== undefined) return known;
  const id = jobIdOf(sourceId, namespace, name);
  jobs.set(key, id);
  unmetJobs.push(id);
  return id;
}

export function rememberedExecutionId(
  sourceId: string,
  namespace: string,
  name: string,
  runKey: string,
): string {
  const key = `${sourceId}\u0000${namespace}\u0000${name}\u0000${runKey}`;
  const known = runs.get(key);
  if (known !== undefined) return known;
  const id = executionIdOf(sourceId, namespace, name, runKey);
  runs.set(key, id);
  return id;
}
