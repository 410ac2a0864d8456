import type { ApprovalCounts, ThreadReport } from "@batchwatch/engine";
import type { DiskFacts } from "../intake/disk-watch.ts";
import type { Refusal } from "../intake/fullness.ts";
import type { CanaryState } from "../notify/canary.ts";

/** A lasting thread as its supervisor sees it. */
export interface ThreadFacts extends ThreadReport {
  /** "log", "store", "shard-0". */
  readonly name: string;
}

/** What health is judged by; gathered by main. */
export interface HealthFacts {
  readonly threads: readonly ThreadFacts[];
  readonly disk: DiskFacts;
  /** Why intake refuses everything now. */
  readonly refusal: Refusal | null;
  /** Code of the journal's last write, when it failed. */
  readonly journalFailure: string | null;
  /** Code a shard's last read of the journal failed with; null: all can read it. */
  readonly journalUnreadable: string | null;
  /** Positions of the journal that could not be read. */
  readonly damagedPositions: number;
  /** The gap left by a store that is older than the journal. */
  readonly restored: { readonly markedTo: number; readonly truncatedTo: number } | null;
  readonly databaseError: string | null;
  /** Why nothing is saved for now. */
  readonly storeTrouble: string | null;
  /** The shard that has tried to load its jobs in vain, and why. */
  readonly loadTrouble: { readonly name: string; readonly cause: string } | null;
  /** Nothing that is old is removed: the clock is not believed. */
  readonly upkeepHeld: boolean;
  readonly unsavedRecords: number;
  readonly caughtUp: boolean;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly deadLetters: number;
  /** Jobs that are not followed; they are tried again at the next start. */
  readonly quarantinedJobs: number;
  readonly sockets: number;
  readonly maxSockets: number;
  readonly lastDataAt: number | null;
  /** Sources that went quiet although they have runs under way. `since`: last heard of, epoch ms. */
  readonly silentSources: readonly { readonly name: string; readonly since: number }[];
  readonly alerting: AlertingFacts;
  readonly approvals: ApprovalCounts & {
    /** Several accounts could approve, and all of them could be one person. */
    readonly approversAreOne: boolean;
  };
  /** What is wrong with the file of audit heads, in words. */
  readonly auditTrouble: string | null;
  /** Place of the newest audit record whose head is kept; null: none yet. */
  readonly auditSeq: number | null;
  readonly now: number;
}

export interface AlertingFacts {
  /** False: BATCHWATCH_ALERTS_ENABLED is off. */
  readonly on: boolean;
  readonly canary: CanaryState;
  readonly pending: number;
  /** When the oldest of these was promised, epoch ms; null where there is none. */
  readonly oldestPendingAt: number | null;
  /** Why no phone can be woken, in words; null: nothing is known against it, or push is not used. */
  readonly pushTrouble: string | null;
  /** Since when no page has reached anybody, epoch ms; null: they do, or none was sent lately. */
  readonly unreachedSince: number | null;
  /** Notifications given up. */
  readonly dead: number;
  /** Of these, of open incidents, for whom nothing else of that incident has reached. */
  readonly unreached: number;
  readonly openIncidents: number;
}

/** The thread of this name while it is not at work, with the reason; null while it works or was never started. */
export function threadAway(facts: HealthFacts, name: string): string | null {
  const thread = facts.threads.find((one) => one.name === name);
  if (thread === undefined || thread.phase === "running" || thread.phase === "idle") return null;
  return thread.lastCause ?? "it is starting";
}
