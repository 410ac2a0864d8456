import type {
  AuditEnds,
  AuditFact,
  AuditFilter,
  AuditHead,
  AuditRecord,
  LinkedAuditRecord,
} from "../model/audit.ts";
import type {
  ChangeMode,
  ChangeRequest,
  ChangeState,
  ProposedChange,
  RetainedKind,
} from "../model/change-request.ts";
import type { ChangeAuthor } from "../model/settings-change.ts";
import type { Scope, User } from "../model/people.ts";
import type { Page } from "./stores.ts";

/**
 * The audit trail: only ever appended to. The chain's key is given when the store is opened and is never in it.
 * Methods of other stores that change something for a person append their fact in their own transaction.
 */
export interface AuditStore {
  append(facts: readonly AuditFact[]): Promise<AuditHead>;
  /** Newest first. Outside the scope's teams only what concerns no team and what the reader did. */
  list(
    scope: Scope,
    readerId: string,
    filter: AuditFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<LinkedAuditRecord>>;
  /** From `seq` on, ascending, at most 1,000: for verification. */
  from(seq: number): Promise<readonly AuditRecord[]>;
  /** The newest record; where retention has removed all of them, the last one removed. */
  head(): Promise<AuditHead | null>;
  ends(): Promise<AuditEnds>;
  /** What people call these: jobs, runs, incidents, sources, users, webhooks, teams. Null: not there (any more), or of another kind. */
  subjectNames(
    subjects: readonly { readonly kind: string; readonly id: string }[],
  ): Promise<readonly (string | null)[]>;
}

/** One piece of what retention removes. Times are epoch ms. */
export interface PruneStep {
  /** What is older goes. */
  readonly before: number;
  readonly now: number;
  /** Rows looked at in this piece, at most. */
  readonly limit: number;
  /** Where the piece before ended; null: at the oldest. */
  readonly after: string | null;
}

export interface PrunedPiece {
  readonly removed: number;
  /** Where the next piece goes on; null: nothing that is old enough is left to look at. */
  readonly next: string | null;
}

/** Removes what is older than it is to be kept, in pieces so small that nobody waits for one; each is a transaction. */
export interface UpkeepStore {
  /**
   * What is still in use stays whatever its age: an open incident, a notification to be sent, a job's newest LIMITS.digestsPerJob runs,
   * the newest audit record. Audit records go only from the oldest on, and only while they verify: fails with `refused` else.
   */
  prune(what: RetainedKind, step: PruneStep): Promise<PrunedPiece>;
  /** The same for the incidents that Batchwatch makes for itself (the canary's), with all that belongs to them. */
  pruneOwn(step: PruneStep): Promise<PrunedPiece>;
}

/** Four eyes. Every method is one transaction, its audit facts included. */
export interface ApprovalStore {
  /**
   * Keeps a request, with what stands before and its hash; in `set-up` and `break-glass` it is carried out in the same transaction.
   * Fails as the change itself would (`not_found`, `name_taken`, …), with `nothing_changes`, or with `already_waiting` when the same
   * subject has a request of this kind that waits.
   */
  propose(
    change: ProposedChange,
    by: ChangeAuthor,
    how: {
      readonly reason: string;
      readonly mode: ChangeMode;
      readonly expiresAt: number;
      readonly revertsAt: number | null;
    },
    now: number,
  ): Promise<ChangeRequest>;
  /**
   * Carries it out if it still waits (or stands under break-glass), `hash` is its own, what stood before still stands, it has not expired
   * and `by` is not who asked. Fails with `own_request`, `not_waiting`, `other_content`, `changed_meanwhile`, `expired`, `not_found`.
   * Who may approve at all is decided above (approvals/who-decides.ts).
   */
  approve(
    requestId: string,
    hash: string,
    note: string | null,
    by: ChangeAuthor,
    now: number,
  ): Promise<ChangeRequest>;
  reject(requestId: string, note: string, by: ChangeAuthor, now: number): Promise<ChangeRequest>;
  /** Only by who asked. */
  withdraw(requestId: string, by: ChangeAuthor, now: number): Promise<ChangeRequest>;
  /** Ends what has expired and takes back what stood too long under break-glass. Returns what changed. */
  sweep(now: number): Promise<readonly ChangeRequest[]>;
  list(
    scope: Scope,
    filter: { readonly states?: readonly ChangeState[] | undefined },
    limit: number,
    cursor: string | null,
  ): Promise<Page<ChangeRequest>>;
  get(requestId: string): Promise<ChangeRequest | null>;
  counts(): Promise<{ readonly waiting: number; readonly breakGlass: number }>;
  /** What the set-up rule is judged by. `endedAt`: it is over for good since then. */
  setup(): Promise<SetupFacts>;
  /** A second administrator has signed in, or its time is over. Only the first call counts. */
  endSetup(now: number): Promise<void>;
  /** Retention in days as people set it; absent: the host's setting. */
  retention(): Promise<Readonly<Record<string, number>>>;
  /** Fields kept unmasked, of every source. */
  maskingExceptions(): Promise<
    readonly {
      readonly sourceId: string;
      readonly field: string;
      readonly kinds: readonly string[];
    }[]
  >;
}

export interface SetupFacts {
  readonly storeCreatedAt: number;
  readonly endedAt: number | null;
  /** People who may approve (administrators and operations managers) that have signed in at least once. */
  readonly approversSeen: number;
}

/** A browser's session: a family of refresh tokens, of which one is good. */
export interface StoredSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Ends by itself then, whatever happens. */
  readonly expiresAt: number;
  /** What kind of browser, for the list of sessions; at most 100 characters. */
  readonly label: string;
  readonly method: "code" | "password" | "oidc";
}

/** A device that can answer pages while signed out: the public half of a key that cannot leave it. */
export interface PairedDevice {
  readonly deviceId: string;
  readonly userId: string;
  /** JWK of an ECDSA P-256 public key, JSON. */
  readonly publicKey: string;
  readonly label: string;
  readonly pairedAt: number;
  readonly lastUsedAt: number | null;
  /** It counts until then; each full sign-in on it moves this on. */
  readonly goodUntil: number;
}

export interface SessionStore {
  add(session: StoredSession, refreshHash: string, by: SignInFact): Promise<void>;
  /**
   * The next refresh token of a session. `next`: `refreshHash` was the current one. `again`: it was the one before it and no older than the
   * grace; nothing changes, the caller hands out an access token only. `reused`: an older one came back: the whole family is ended. `gone`: unknown or ended.
   */
  rotate(
    refreshHash: string,
    nextHash: string,
    now: number,
  ): Promise<{
    readonly outcome: "next" | "again" | "reused" | "gone";
    readonly session: StoredSession | null;
  }>;
  /** All that are good. */
  all(now: number): Promise<readonly StoredSession[]>;
  end(sessionId: string, why: SessionEnd, by: string, now: number): Promise<boolean>;
  /** Every session, bearer token excepted, of a user but this one. Returns how many. */
  endAllOf(
    userId: string,
    exceptId: string | null,
    why: SessionEnd,
    by: string,
    now: number,
  ): Promise<number>;
  pair(device: PairedDevice): Promise<void>;
  devices(): Promise<readonly PairedDevice[]>;
  /** False when it is not that user's. */
  unpair(deviceId: string, userId: string, now: number): Promise<boolean>;
  deviceUsed(deviceId: string, now: number): Promise<void>;
  /** argon2id in PHC form; null: this user has none. */
  passwordOf(
    name: string,
  ): Promise<{ readonly userId: string; readonly hash: string | null } | null>;
  setPassword(userId: string, hash: string, by: string, now: number): Promise<void>;
  /** The user whom this subject of this issuer was linked to; null: nobody. */
  userOfSubject(issuer: string, subject: string): Promise<string | null>;
  linkSubject(issuer: string, subject: string, userId: string, now: number): Promise<void>;
}

export type SessionEnd = "sign-out" | "everywhere" | "reuse" | "removed" | "expired" | "password";

/** What is audited with a sign-in. */
export interface SignInFact {
  readonly at: number;
  readonly method: StoredSession["method"];
}

/** What is kept about one person, for them to take along or to have erased (GDPR articles 15, 17, 20). */
export interface PrivacyStore {
  /** Everything that names the person, in plain JSON by part. */
  export(userId: string, now: number): Promise<Readonly<Record<string, unknown>>>;
  /**
   * The person's name becomes a pseudonym wherever it is kept; sessions, tokens, devices, subscriptions, password, and on-call
   * entries go; the audit trail keeps the id. Fails with `last_administrator`.
   */
  erase(userId: string, pseudonym: string, by: ChangeAuthor, now: number): Promise<void>;
  users(): Promise<readonly (User & { readonly lastSignInAt: number | null })[]>;
}
