import { LIMITS } from "../model/limits.ts";
import type { RunState } from "../model/run.ts";
import { hasDigest, packDigests, unpackDigests } from "./digest-text.ts";
import { NONE, type RunSummary } from "./run-summary.ts";

/** What a job remembers of a run after its full summary has gone to the store. */
export interface RunDigest {
  readonly executionId: string;
  readonly instanceKey: string;
  readonly orderedAt: number;
  /** When it should have begun, as its source says. */
  readonly nominalAt: number | null;
  readonly lastFactAt: number;
  readonly state: RunState;
  readonly durationMs: number | null;
}

/** The state is derived, never stored as an event (engine.md §1). Clocks may refine it later. */
export function stateOf(run: RunSummary): RunState {
  if (run.end !== null) return run.end.state;
  if (run.active) return "running";
  return run.scheduledAt === null ? "unknown" : "scheduled";
}

/** Where a run stands in lists: its start, else its nominal time, else its first fact. */
export function orderedAtOf(run: RunSummary): number {
  return run.startedAt ?? run.nominalAt?.value ?? run.firstFactAt;
}

export function durationOf(run: RunSummary): number | null {
  if (run.end === null || run.startedAt === null) return null;
  return Math.max(0, run.end.at - run.startedAt);
}

/** Same business date = same instance; else same nominal time; else the run is its own instance (domain.md). */
export function instanceKeyOf(run: RunSummary): string {
  if (run.businessDate !== null && run.businessDate.value.origin !== "NOMINAL") {
    return `date:${run.businessDate.value.day}`;
  }
  if (run.nominalAt !== null) return `nominal:${new Date(run.nominalAt.value).toISOString()}`;
  return `run:${run.executionId}`;
}

export function digestOf(run: RunSummary): RunDigest {
  return {
    executionId: run.executionId,
    instanceKey: instanceKeyOf(run),
    orderedAt: orderedAtOf(run),
    nominalAt: run.nominalAt?.value ?? run.scheduledAt,
    lastFactAt: run.lastFactAt,
    state: stateOf(run),
    durationMs: durationOf(run),
  };
}

export function sameStanding(a: RunDigest, b: RunDigest): boolean {
  return (
    a.state === b.state &&
    a.instanceKey === b.instanceKey &&
    a.orderedAt === b.orderedAt &&
    a.nominalAt === b.nominalAt &&
    a.durationMs === b.durationMs
  );
}

const ENDED: ReadonlySet<RunState> = new Set<RunState>(["succeeded", "failed", "stopped"]);

/** A run that succeeded and is known to have begun. */
export type Success = RunDigest & { readonly durationMs: number };

function isSuccess(digest: RunDigest): digest is Success {
  return digest.state === "succeeded" && digest.durationMs !== null;
}

/** Newest run first; the id decides between equals. */
export function newestFirst(a: RunDigest, b: RunDigest): number {
  return b.orderedAt - a.orderedAt || (a.executionId < b.executionId ? 1 : -1);
}

/** What a run's row says because of others of its instance. */
export interface Standing {
  readonly attempt: number;
  readonly clearedBy: string | null;
}

/** The same with the attempt before it, as a run's columns say it. */
export interface Neighbours extends Standing {
  readonly restartedFrom: string | null;
}

/** A remembered run among the others of its instance. */
export interface Sibling {
  readonly digest: RunDigest;
  readonly attempt: number;
  /** The first later one that succeeded. */
  readonly cure: RunDigest | null;
  /** The newest later one that is under way. */
  readonly underWay: Sibling | null;
}

/** What the forgotten attempts of an instance leave behind, so that those after them stay what they are. */
export interface LeftBehind {
  readonly instanceKey: string;
  /** How many there were. */
  readonly attempts: number;
  /** The one that was forgotten last: the predecessor of the oldest that is remembered. */
  readonly last: string;
}

/** What is known of runs whose digests are no longer. */
export interface Behind {
  readonly left: readonly LeftBehind[];
  /** Of those that were forgotten before they ended: the id, and which attempt it was. */
  readonly kept: readonly (readonly [executionId: string, attempt: number])[];
}

/** Digests newest first, or the text that they are packed as. */
export type Digests = readonly RunDigest[] | string;

/**
 * The digests of one job, newest first, at most LIMITS.digestsPerJob; and of the instances that some of them are of,
 * what the attempts that fell out have left behind. They rest as one text, which is also what is saved: between two
 * changes of a job's past nobody asks for them.
 */
export class DigestRing {
  /** Null while they rest. */
  #digests: RunDigest[] | null;
  /** Null since they changed. */
  #text: string | null;
  #changes = 0;
  #left: ReadonlyMap<string, LeftBehind>;
  #kept: ReadonlyMap<string, number>;

  constructor(digests: Digests = [], { left = [], kept = [] }: Partial<Behind> = {}) {
    this.#digests = typeof digests === "string" ? null : digests.toSorted(newestFirst);
    this.#text = typeof digests === "string" ? digests : null;
    this.#left = left.length === 0 ? NONE : new Map(left.map((one) => [one.instanceKey, one]));
    this.#kept = kept.length === 0 ? NONE : new Map(kept);
  }

  get items(): readonly RunDigest[] {
    this.#digests ??= unpackDigests(this.text);
    return this.#digests;
  }

  /** All of them packed, for saving: most saves come between two changes. */
  get text(): string {
    this.#text ??= packDigests(this.items);
    return this.#text;
  }

  /** How often they changed since the start. */
  get changes(): number {
    return this.#changes;
  }

  /** Nothing is asked of them for a while. */
  rest(): void {
    if (this.#digests === null) return;
    this.#text ??= packDigests(this.#digests);
    this.#digests = null;
  }

  get behind(): Behind {
    return { left: [...this.#left.values()], kept: [...this.#kept] };
  }

  /** Keeps the number of a run that is too old to be remembered and has not ended; the first attempt needs none. */
  keep(digest: RunDigest, attempt: number): void {
    const { executionId, state } = digest;
    if (attempt === 1 || ENDED.has(state) || !this.isTooOld(digest)) return;
    const kept = new Map(this.#kept).set(executionId, attempt);
    const [oldest] = kept.keys();
    if (kept.size > LIMITS.openRunsPerJob && oldest !== undefined) kept.delete(oldest);
    this.#kept = kept;
  }

  has(executionId: string): boolean {
    if (this.#digests === null) return hasDigest(this.text, executionId);
    return this.find(executionId) !== undefined;
  }

  find(executionId: string): RunDigest | undefined {
    return this.items.find((item) => item.executionId === executionId);
  }

  /** Returns true when something older fell out. */
  put(digest: RunDigest): boolean {
    const others = this.items.filter((item) => item.executionId !== digest.executionId);
    const at = others.findIndex((item) => newestFirst(digest, item) < 0);
    others.splice(at === -1 ? others.length : at, 0, digest);
    this.#digests = others.slice(0, LIMITS.digestsPerJob);
    this.#text = null;
    this.#changes += 1;
    const fallen = others[LIMITS.digestsPerJob];
    if (fallen === undefined) return false;
    // One that is too old to be remembered has perhaps been counted when it was forgotten.
    if (fallen !== digest) this.#leave(fallen);
    return true;
  }

  /** 1 for the first attempt of the instance, and for one of which nothing is known. */
  attemptOf(digest: RunDigest): number {
    if (this.isTooOld(digest)) return this.#kept.get(digest.executionId) ?? 1;
    let attempt = 1 + (this.#left.get(digest.instanceKey)?.attempts ?? 0);
    for (const item of this.items) {
      if (isSibling(item, digest) && newestFirst(digest, item) < 0) attempt += 1;
    }
    return attempt;
  }

  /** Id of the attempt before this one, whether it is remembered or not. */
  restartedFrom(digest: RunDigest): string | null {
    const previous = this.previousAttempt(digest)?.executionId;
    if (previous !== undefined || this.isTooOld(digest)) return previous ?? null;
    return this.#left.get(digest.instanceKey)?.last ?? null;
  }

  /** The attempt before this one, where it is remembered. */
  previousAttempt(digest: RunDigest): RunDigest | null {
    for (const item of this.items) {
      if (isSibling(item, digest) && newestFirst(digest, item) < 0) return item;
    }
    return null;
  }

  /** The first later attempt of the same instance that succeeded; only that clears a failure. */
  clearedBy(digest: RunDigest): string | null {
    return isCleared(digest) ? (this.cureOf(digest)?.executionId ?? null) : null;
  }

  /** The first later attempt of the same instance that succeeded, whatever became of this one. */
  cureOf(digest: RunDigest): RunDigest | null {
    let cure: RunDigest | null = null;
    for (const item of this.items) {
      if (newestFirst(item, digest) > 0) break;
      if (item.state === "succeeded" && isSibling(item, digest)) cure = item;
    }
    return cure;
  }

  /** The newest later attempt of the same instance that is under way. */
  underWayAfter(digest: RunDigest): RunDigest | null {
    for (const item of this.items) {
      if (newestFirst(item, digest) > 0) break;
      if (item.state === "running" && isSibling(item, digest)) return item;
    }
    return null;
  }

  standingOf(digest: RunDigest): Standing {
    return { attempt: this.attemptOf(digest), clearedBy: this.clearedBy(digest) };
  }

  neighboursOf(digest: RunDigest): Neighbours {
    const { attempt, clearedBy } = this.standingOf(digest);
    return { attempt, clearedBy, restartedFrom: this.restartedFrom(digest) };
  }

  /** Successful runs whose duration is known, newest first. */
  get successes(): readonly Success[] {
    return this.items.filter(isSuccess);
  }

  /** What the remembered runs of an instance say of one another, newest first: each in one look at all of them. */
  siblingsOf(instanceKey: string): readonly Sibling[] {
    const digests = this.items.filter((item) => item.instanceKey === instanceKey);
    let attempt = digests.length + (this.#left.get(instanceKey)?.attempts ?? 0);
    let cure: RunDigest | null = null;
    let underWay: Sibling | null = null;
    return digests.map((digest) => {
      const sibling = { digest, attempt, cure, underWay };
      attempt -= 1;
      if (digest.state === "succeeded") cure = digest;
      if (digest.state === "running") underWay ??= sibling;
      return sibling;
    });
  }

  /** Whether it would fall out at once. */
  isTooOld(digest: RunDigest): boolean {
    const last = this.items.at(-1);
    const full = this.items.length >= LIMITS.digestsPerJob;
    return full && last !== undefined && newestFirst(digest, last) > 0;
  }

  #leave(fallen: RunDigest): void {
    const { instanceKey, executionId } = fallen;
    const attempts = 1 + (this.#left.get(instanceKey)?.attempts ?? 0);
    this.keep(fallen, attempts);
    const left = new Map(this.#left).set(instanceKey, { instanceKey, attempts, last: executionId });
    for (const key of left.keys()) {
      if (!this.items.some((item) => item.instanceKey === key)) left.delete(key);
    }
    this.#left = left.size === 0 ? NONE : left;
  }
}

/** Whether a later success of its instance clears it. */
export function isCleared({ state }: Pick<RunDigest, "state">): boolean {
  return state === "failed" || state === "stopped";
}

function isSibling(item: RunDigest, digest: RunDigest): boolean {
  return item.instanceKey === digest.instanceKey && item.executionId !== digest.executionId;
}
