import type { MaskedDay } from "../model/masked.ts";
import type { LineageNote } from "../model/fact.ts";
import type { Job, PagingMode, Source } from "../model/job.ts";
import type { Role, Scope, User } from "../model/people.ts";
import type { RunState } from "../model/run.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import type {
  AlertStore,
  IncidentStore,
  OutboxStore,
  ReceiverStore,
  UpstreamJobs,
} from "./incident-stores.ts";
import type { BlindStore, CalendarStore, SettingsStore } from "./settings-stores.ts";
import type {
  ApprovalStore,
  AuditStore,
  KeyStore,
  PrivacyStore,
  SessionStore,
  UpkeepStore,
} from "./trust-stores.ts";

/**
 * What the engine needs of the store. A method is one transaction on plain data (it may cross a thread).
 * `Summary` values are JSON text written and read by jobs/run-summary.ts; a store never looks inside
 * except through `joinSummaries`.
 */
export interface Stores {
  readonly partitions: PartitionStore;
  readonly units: UnitStore;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly identity: IdentityStore;
  readonly sources: SourceStore;
  readonly service: ServiceStore;
  readonly settings: SettingsStore;
  readonly calendars: CalendarStore;
  readonly blind: BlindStore;
  readonly letters: LetterStore;
  readonly alerts: AlertStore;
  readonly incidents: IncidentStore;
  readonly outbox: OutboxStore;
  readonly receivers: ReceiverStore;
  readonly audit: AuditStore;
  readonly approvals: ApprovalStore;
  readonly sessions: SessionStore;
  readonly privacy: PrivacyStore;
  readonly upkeep: UpkeepStore;
  readonly keys: KeyStore;
}

/** Searchable columns of a run, derived from its summary by the engine. */
export interface RunColumns {
  readonly executionId: string;
  readonly jobId: string;
  readonly runKey: string;
  readonly state: RunState;
  readonly instanceKey: string;
  readonly attempt: number;
  readonly restartedFrom: string | null;
  /** The first later attempt of the same instance that succeeded. */
  readonly clearedBy: string | null;
  readonly businessDate: string | null;
  readonly businessDateOrigin: string | null;
  readonly triggerKind: string;
  readonly timeQuality: string;
  readonly host: string | null;
  readonly appVersion: string | null;
  readonly parentExecutionId: string | null;
  readonly nominalAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  readonly lastFactAt: number;
  /** startedAt, else nominalAt, else first fact: what lists are ordered by. Never null. */
  readonly orderedAt: number;
  readonly readCount: number | null;
  readonly writtenCount: number | null;
  readonly skippedCount: number | null;
  readonly message: string | null;
}

export interface TransitionRow {
  readonly executionId: string;
  readonly factId: string;
  readonly kind: string;
  readonly stage: string | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly sourceId: string;
  readonly contract: string;
}

export interface RunSave {
  /**
   * `put`: the summary is complete. `amend`: the store joins it with the stored one first and keeps what only
   * the run's neighbours say of it: `attempt`, `restartedFrom`, `clearedBy`, `triggerKind`.
   */
  readonly mode: "put" | "amend";
  readonly columns: RunColumns;
  readonly summary: string;
}

export interface JobSave {
  readonly jobId: string;
  readonly sourceId: string;
  readonly namespace: string;
  readonly name: string;
  readonly ownerTeamId: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Versioned state text (jobs/job-state.ts). */
  readonly state: string;
}

/** A dataset that a job reads or writes: what lineage joins jobs by. */
export interface DatasetUse {
  readonly direction: "in" | "out";
  /** Namespace and name, joined by a slash. */
  readonly dataset: string;
}

/** What is saved of one job in one transaction. */
export interface Unit {
  readonly partition: number;
  readonly job: JobSave | null;
  /** All that the journal says of the job up to here is in this unit and those before it; absent: not known. [UNIT-11] */
  readonly position?: number;
  readonly runs: readonly RunSave[];
  readonly transitions: readonly TransitionRow[];
  readonly notes: readonly (LineageNote & {
    readonly sourceId: string;
    readonly receivedAt: number;
  })[];
  /** What the built-in rules say of the runs in it and of the job's expected starts; absent: nothing. */
  readonly alerts?: readonly AlertLevel[];
  /** Datasets of the runs in it that ended; absent: none. */
  readonly datasets?: readonly DatasetUse[];
}

/** A fact that was accepted and could not be applied or saved: kept, masked, until its job is released (UNIT-6). */
export interface KeptLetter {
  /** Stable id of content and receipt, so that a letter kept twice is one. */
  readonly letterId: string;
  /** Null where the record could not even be read. */
  readonly jobId: string | null;
  readonly partition: number;
  readonly sourceId: string;
  readonly contract: string;
  readonly receivedAt: number;
  readonly reason: string;
  /** JSON of the masked fact; base64 of the bytes of a record that could not be read. */
  readonly body: string;
}

export interface PieceLetters {
  readonly kept: readonly KeptLetter[];
  /** Jobs whose letters go, because this piece saves what they say. */
  readonly released: readonly { readonly jobId: string; readonly partition: number }[];
}

/** A piece of a cut. `mark` is set on its last piece: all of these partitions up to it is saved. */
export interface Piece {
  readonly term: number;
  readonly units: readonly Unit[];
  readonly letters?: PieceLetters;
  readonly mark: { readonly partitions: readonly number[]; readonly position: number } | null;
}

export interface SavedPiece {
  /** Partitions this owner no longer owns (a newer term exists): nothing of them was written. */
  readonly lostPartitions: readonly number[];
  /** Runs saved by `amend`, as they stand now. */
  readonly amended: readonly { readonly columns: RunColumns; readonly summary: string }[];
  /**
   * Units whose job is part of another one since a rename: their runs were saved as that job's.
   * Both ids must be reloaded wherever they are in memory. Absent when there were none.
   */
  readonly renamed?: readonly { readonly from: string; readonly to: string }[];
  /** Alerts that this piece changed, as they stand now. Absent when there were none. */
  readonly alerts?: readonly Alert[];
  /** Whom the jobs of those that fire wait for; what is not said here is asked of the store. */
  readonly upstream?: readonly UpstreamJobs[];
}

export interface UnitStore {
  /**
   * One transaction for the piece. The summary join is injected by the composition root.
   * Fails with `refused` when it is the content that cannot be stored: sending the same again is in vain.
   */
  save(piece: Piece): Promise<SavedPiece>;
}

export interface LetterStore {
  /**
   * Letters of jobs of these partitions, in pages of ≤ 500 by job, and of each job as they were received: of a date with very
   * many runs only the newest are remembered, so that the order tells.
   */
  load(
    partitions: readonly number[],
    after: Pick<KeptLetter, "jobId" | "receivedAt" | "letterId"> | null,
  ): Promise<readonly KeptLetter[]>;
  /** How many are kept of each job, most first, at most `limit` jobs; null: unreadable records. */
  counts(limit: number): Promise<readonly { readonly jobId: string | null; letters: number }[]>;
}

/** Everything of this partition up to `position` is saved. */
export interface PartitionMark {
  readonly partition: number;
  readonly position: number;
}

export interface PartitionStore {
  /** Takes these partitions: term becomes the highest known + 1. */
  claim(partitions: readonly number[]): Promise<{ term: number; marks: readonly PartitionMark[] }>;
  /** The marks of all partitions that were ever claimed, without taking any. */
  marks(): Promise<readonly PartitionMark[]>;
  /** The highest position that any mark or saved job goes up to: those of the journal go on above it. [UNIT-9] */
  savedTo(): Promise<number>;
}

/** A stored run that the board may show although its job has forgotten it. */
export interface RecentRun extends Pick<
  RunColumns,
  "executionId" | "jobId" | "orderedAt" | "attempt" | "clearedBy"
> {
  readonly summary: string;
}

/** A stored run that its job's memory is rebuilt from, and what the store says of its neighbours. */
export interface NewestRun extends Pick<RunColumns, "attempt" | "restartedFrom" | "clearedBy"> {
  readonly summary: string;
}

export interface StoredJobState {
  readonly job: Job;
  readonly partition: number;
  readonly state: string;
  /** The position of the unit that saved it; absent: nothing is known beyond its partition's mark. [UNIT-11] */
  readonly position?: number;
  /** Its newest runs, newest first, where `state` cannot be read by this program (UNIT-7). */
  readonly newestRuns?: readonly NewestRun[];
}

/** Page positions are opaque text; null starts at the newest. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface JobListFilter {
  readonly text?: string | undefined;
  readonly teamId?: string | undefined;
}
export interface JobStore {
  /** All jobs with state of these partitions, in pages of ≤ 500 by job id. */
  loadStates(
    partitions: readonly number[],
    afterJobId: string | null,
  ): Promise<readonly StoredJobState[]>;
  /** Each job's newest runs, newest first, at most LIMITS.digestsPerJob; at most LIMITS.jobsRebuiltAtOnce jobs. */
  newestRuns(
    jobIds: readonly string[],
  ): Promise<readonly { readonly jobId: string; readonly runs: readonly NewestRun[] }[]>;
  /**
   * Runs of these partitions that the board may still show at `now`, oldest first, in pages of ≤ 500: ended within
   * RECENT_MS, failed within FAILED_SHOWN_MS, or open and heard of within that; and begun within twice that.
   */
  recentRuns(
    partitions: readonly number[],
    now: number,
    after: RecentRun | null,
  ): Promise<readonly RecentRun[]>;
  list(
    scope: Scope,
    filter: JobListFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<Job>>;
  /** By its own id, or by that of a name that was renamed to it. */
  get(jobId: string): Promise<Job | null>;
  countBySource(): Promise<readonly { sourceId: string; jobs: number }[]>;
  /** Ids of a source's jobs behind `afterJobId`, ascending, in pages; an empty one is the end. */
  idsOfSource(sourceId: string, afterJobId: string | null): Promise<readonly string[]>;
}

export interface RunListFilter {
  readonly jobId?: string | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly parentExecutionId?: string | undefined;
}
export interface StoredRun extends RunColumns {
  readonly jobName: string;
  readonly namespace: string;
  readonly ownerTeamId: string;
  readonly sourceId: string;
}
export interface RunDetail {
  readonly run: StoredRun;
  readonly summary: string;
  readonly transitions: readonly TransitionRow[];
  readonly children: readonly StoredRun[];
  readonly parent: StoredRun | null;
  readonly sourceName: string;
}
export interface RunStore {
  list(
    scope: Scope,
    filter: RunListFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<StoredRun>>;
  /** Children at most 200, newest first; transitions ascending by occurredAt. */
  get(executionId: string): Promise<RunDetail | null>;
}

export interface StoredToken {
  /** SHA-256 of the token, hex. The token itself is never stored. */
  readonly tokenHash: string;
  readonly userId: string;
  readonly kind: "bearer";
  readonly expiresAt: number;
}
export interface IdentityStore {
  /** Grows with every change of users, teams, tokens or sources, whoever made it. */
  version(): Promise<number>;
  users(): Promise<readonly User[]>;
  /** Unexpired, unrevoked tokens. */
  tokens(now: number): Promise<readonly StoredToken[]>;
  /** Creates missing teams. Fails with code `name_taken`. */
  addUser(name: string, role: Role, teamNames: readonly string[], now: number): Promise<User>;
  /** Tokens are made and revoked by the command line on the host, and audited as its. */
  addToken(token: StoredToken, now: number): Promise<void>;
  revokeToken(tokenHash: string, now: number): Promise<void>;
  /** A link made on the host: audited as its command. */
  addSignInCode(codeHash: string, userId: string, expiresAt: number, now: number): Promise<void>;
  /** Single use: returns the user id once, null when unknown, used or expired. */
  useSignInCode(codeHash: string, now: number): Promise<string | null>;
  /** That a person may belong to. */
  teams(): Promise<readonly { teamId: string; name: string }[]>;
}

export interface NewSource {
  readonly name: string;
  readonly contract: Source["contract"];
  readonly environment: Source["environment"];
  readonly zone: string;
  readonly pagingMode: PagingMode;
  readonly teamName: string | null;
  readonly keyHash: string;
}
export interface Rejection {
  readonly sourceId: string;
  readonly receivedAt: number;
  readonly contract: string;
  readonly code: string;
  readonly message: string;
  /** Masked excerpt of the member. */
  readonly excerpt: string;
}
export interface SourceStore {
  all(): Promise<
    readonly (Source & { readonly keyHash: string; readonly lastSeenAt: number | null })[]
  >;
  /** Fails with code `name_taken`. */
  add(source: NewSource, now: number): Promise<Source>;
  /** Newest kept, the rest dropped (LIMITS.rejectionsPerSource). */
  reject(rejections: readonly Rejection[]): Promise<void>;
  rejections(sourceId: string, limit: number): Promise<readonly Rejection[]>;
  touch(seen: readonly { sourceId: string; lastSeenAt: number }[]): Promise<void>;
  /** Adds to what is counted of these days already. */
  countMasked(days: readonly MaskedDay[]): Promise<void>;
  /** Of the newest days of this source on which anything was masked, at most so many; newest first, kinds in order. */
  maskedCounts(sourceId: string, days: number): Promise<readonly MaskedDay[]>;
}

export interface ServiceStore {
  /** Stable id of this store, made once. */
  storeId(): Promise<string>;
  /** Cheap proof that the database answers. */
  ping(): Promise<void>;
  /** The service was up at `now`: what lies between this and its next start is downtime. */
  alive(now: number): Promise<void>;
  /** The newest `alive`; null in a store that never served. */
  aliveAt(): Promise<number | null>;
}
