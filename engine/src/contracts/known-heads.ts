import { maskText } from "../masking/mask-text.ts";
import { ByteMemo } from "../model/byte-memo.ts";
import { LIMITS } from "../model/limits.ts";
import type { KnownRun } from "./known-runs.ts";
import { isObject } from "./readers.ts";
import { Refusal } from "./refusal.ts";
import { readRun } from "./run-memory.ts";

/** What the head of a native member says: `{…},"run":{…}`, from the job's brace to the run's. */
export interface KnownHead {
  readonly sourceId: string;
  readonly run: KnownRun;
}

const DEFAULT_NAMESPACE = "default";
const JOB_KEYS: ReadonlySet<string> = new Set(["namespace", "name"]);
const decoder = new TextDecoder();

/**
 * Heads by the bytes they are written in, for all sources of this thread. Kept is only what is whole JSON with nothing
 * in it but the three names, and names in which nothing is masked: what was masked must not stay in memory.
 */
export class KnownHeads {
  readonly #memo = new ByteMemo<KnownHead>(LIMITS.headsRemembered);

  /** @param hash of source and bytes */
  find(
    sourceId: string,
    hash: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): KnownRun | null {
    const head = this.#memo.find(hash, bytes, from, to);
    return head !== null && head.sourceId === sourceId ? head.run : null;
  }

  /** @param of the source and the run of an accepted fact: a member may have two heads, of which the last one counts */
  learn(
    of: { readonly sourceId: string; readonly executionId: string },
    hash: number,
    head: Uint8Array,
  ): void {
    if (this.find(of.sourceId, hash, head, 0, head.length) !== null) return;
    const run = runIn(of.sourceId, decoder.decode(head));
    if (run === null || run.executionId !== of.executionId) return;
    this.#memo.keep(hash, head, 0, head.length, { sourceId: of.sourceId, run });
  }
}

/** The run of a head that says nothing else; null of any other. */
function runIn(sourceId: string, text: string): KnownRun | null {
  const said = orNull<unknown>(() => JSON.parse(`{"job":${text}}`));
  if (!isObject(said) || Object.keys(said).join() !== "job,run") return null;
  const { job, run } = said;
  if (!isObject(job) || !isObject(run) || Object.keys(run).join() !== "id") return null;
  if (Object.keys(job).some((key) => !JOB_KEYS.has(key))) return null;
  const names = [job["namespace"] ?? DEFAULT_NAMESPACE, job["name"], run["id"]] as const;
  if (names.some((name) => typeof name !== "string" || maskText(name).text !== name)) return null;
  return orNull(() => readRun(sourceId, ...names));
}

/** Null of what it refuses. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal || error instanceof SyntaxError) return null;
    throw error;
  }
}
