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
import type { JobSettings } from "../model/job-settings.ts";
import type { ChangeAuthor } from "../model/settings-change.ts";
import type { Scope, User } from "../model/people.ts";
import type { Page } from "./stores.ts";

/**
 * The audit trail: only ever appended to. The chain's key is given when the store is opened and is never in it.
 * Methods of other stores that change something for a person append their fact in their own transaction.
 */
export interface AuditStore {
  append(facts: readonly AuditFact[]): Promise<AuditHead>;
  /** Newest first. Outside the scope's teams only what the reader did and what was done to them. */
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
  /** For how many days it is kept, and who said so, for the record of it. */
  readonly rule?: { readonly days: number; readonly setBy: "host" | "approved-change" };
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
  /**
   * Whether the clock may say what is old, judged by the last time that this was asked and by the newest fact. False: it is suddenly far ahead
   * of both; after a day of running on it is believed.
   */
  trustsClock(now: number): Promise<boolean>;
  /**
   * Goes through the store for the names of people who were removed, until each is a pseudonym everywhere; what was broken off is done again.
   * Returns how many people were done. Audited as Batchwatch's own.
   */
  erase(now: number): Promise<number>;
}

/** Four eyes. Every method is one transaction, its audit facts included. */
export interface ApprovalStore {
  /**
   * Keeps a request, with what stands before and its hash; in `set-up` and `break-glass` it is carried out in the same transaction. Whether
   * set-up mode holds is judged in that transaction: while it does, every request is `set-up` (retention excepted), and none is before or after.
   * Fails as the change itself would (`not_found`, `name_taken`, …), with `may_not_ask`, `too_many`, `reason_missing`, `no_break_glass`, or with
   * `already_waiting` when the same subject has a request of this kind that waits or stands under break-glass.
   */
  propose(
    change: ProposedChange,
    by: ChangeAuthor,
    how: {
      readonly reason: string;
      readonly mode: Exclude<ChangeMode, "set-up">;
      /** The request that this one takes back; null: none. */
      readonly takesBack: string | null;
      /** What the command says, where the payload holds what was filled in for it (the time of now); absent: the payload. */
      readonly asked?: string | undefined;
    },
    now: number,
  ): Promise<Proposal>;
  /**
   * Carries it out if it still waits (or stands under break-glass), `hash` is its own, what stood before still stands, it has not expired
   * and `by` may (approvals/who-decides.ts, by the role and teams they have in this transaction) and is not who asked. Fails with `own_request`,
   * `same_hands`, `may_not_decide`, `not_waiting`, `other_content`, `changed_meanwhile`, `expired`, `not_found`, or as the change itself would.
   */
  approve(
    requestId: string,
    hash: string,
    note: string | null,
    by: ChangeAuthor,
    now: number,
  ): Promise<ChangeRequest>;
  /** By whoever could approve it. What stands under break-glass is taken back at once. */
  reject(requestId: string, note: string, by: ChangeAuthor, now: number): Promise<ChangeRequest>;
  /** Only by who asked. What stands under break-glass is taken back at once. */
  withdraw(requestId: string, by: ChangeAuthor, now: number): Promise<ChangeRequest>;
  /** Ends what has expired, what stood too long under break-glass (taken back), and set-up mode once it is over. Returns the requests that changed. */
  sweep(now: number): Promise<readonly ChangeRequest[]>;
  /** The change that takes an applied one back, of what still stands of it. Fails with `cannot_revert`, `not_applied`, `not_found`. */
  inverse(requestId: string): Promise<ProposedChange>;
  /**
   * Lets who asked in: the new source's key, or a sign-in code of the new user that is good until `expiresAt`, by hash. Once.
   * Who fetches a user's code is not a second person beside that user until the host or an identity provider has vouched for them.
   * Fails with `not_found` (for everybody but who asked), `not_applied`, `already_collected`, and for a user with `already_in` (they have a
   * way in), `collect_late` (LIMITS.collectMs after the decision) and `same_hands` (the link of who asks was fetched by another itself).
   */
  collect(
    requestId: string,
    secretHash: string,
    expiresAt: number,
    by: ChangeAuthor,
    now: number,
  ): Promise<ChangeRequest>;
  list(
    scope: Scope,
    filter: { readonly states?: readonly ChangeState[] | undefined },
    limit: number,
    cursor: string | null,
  ): Promise<Page<ChangeRequest>>;
  get(requestId: string): Promise<ChangeRequest | null>;
  counts(): Promise<ApprovalCounts>;
  /** What stands under break-glass, the one that is taken back first first; at most LIMITS.pageSize. */
  underBreakGlass(): Promise<readonly ChangeRequest[]>;
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

/** What became of a proposal. */
export interface Proposal {
  /** Null: nothing would change. */
  readonly request: ChangeRequest | null;
  /** What people set on the job, as it is after this; null: it is no job's change. */
  readonly settings: JobSettings | null;
}

export interface ApprovalCounts {
  readonly waiting: number;
  readonly breakGlass: number;
  /** When the first of these is taken back, epoch ms; null: none stands. */
  readonly revertsAt: number | null;
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
   * grace; nothing changes, the caller hands out an access token only. `reused`: an older one came back: the whole family is ended, and gone are
   * the paired devices and push subscriptions that began in it or nobody knows where. `gone`: unknown or ended.
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
  /**
   * With it go the push subscriptions that began in it and the devices paired in it, unless it ends by its own time. `endpoint`: the browser's own
   * subscription goes as well, in whichever session of this user it began.
   */
  end(
    sessionId: string,
    why: SessionEnd,
    by: string,
    now: number,
    endpoint?: string | null,
  ): Promise<boolean>;
  /**
   * Every session, bearer token excepted, of a user but this one. Returns how many. After `everywhere`, `password` and `removed` the
   * user's paired devices are good no more either, and nobody's browser is woken for them but that of the session that stays: a thief may
   * have paired one.
   */
  endAllOf(
    userId: string,
    exceptId: string | null,
    why: SessionEnd,
    by: string,
    now: number,
  ): Promise<number>;
  /** A device whose key this user has paired before keeps its id, which is returned. Beyond LIMITS.devicesPerUser the ones paired first go. `sessionId`: in which it is done. */
  pair(device: PairedDevice, sessionId?: string | null): Promise<string>;
  devices(): Promise<readonly PairedDevice[]>;
  /** False when it is not that user's. */
  unpair(deviceId: string, userId: string, now: number): Promise<boolean>;
  /** Audited as a sign-in of the device. */
  deviceUsed(deviceId: string, now: number): Promise<void>;
  /** By name, as it is kept. `hash`: argon2id in PHC form; null: this user has none. */
  passwordOf(
    name: string,
  ): Promise<{ readonly userId: string; readonly hash: string | null } | null>;
  setPassword(userId: string, hash: string, by: string, now: number): Promise<void>;
  /** The user whom this subject of this issuer was linked to; null: nobody. */
  userOfSubject(issuer: string, subject: string): Promise<string | null>;
  /**
   * Links a subject to a user, once for each issuer. `by` "service": by a claim, and only for an account that nobody has ever signed
   * in to and that has no password; else false, and nothing is changed. `by` "host": in place of the link there was. Fails with `name_taken` when
   * the subject is another user's, and with `not_found`.
   */
  linkSubject(
    issuer: string,
    subject: string,
    userId: string,
    by: "service" | "host",
    now: number,
  ): Promise<boolean>;
}

/** A secret that lies sealed in the store, and what it was sealed for. */
export interface SealedText {
  readonly place: "webhook" | "secret";
  /** The webhook's id, or the secret's name. */
  readonly id: string;
  readonly sealed: string;
}

/** What a change of the key has to go through. */
export interface KeyStore {
  sealed(): Promise<readonly SealedText[]>;
  /** False: it does not stand there any more as it was. */
  reseal(before: SealedText, sealed: string): Promise<boolean>;
  /** The key that everything was sealed with when a change of it last came to its end; null: there was none. */
  rotatedTo(): Promise<string | null>;
  /** The change is through: remembered, and audited as the host's. */
  rotated(keyId: string, detail: AuditFact["detail"], now: number): Promise<void>;
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
