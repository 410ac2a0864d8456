/** What the audit trail knows of. Names are stable: people filter by them, evidence files hold them. */
export const AUDIT_ACTIONS = [
  // Getting in and out.
  "sign-in",
  "sign-in-refused",
  "sign-out",
  "session-ended",
  "refresh-reused",
  "password-set",
  "token-made",
  "token-revoked",
  "device-paired",
  "device-removed",
  // Looking.
  "run-viewed",
  "incident-viewed",
  "source-viewed",
  "audit-viewed",
  "audit-verified",
  "evidence-exported",
  // Answering.
  "incident-command",
  "delivery-replayed",
  "oncall-set",
  // Changing.
  "change-requested",
  "change-approved",
  "change-rejected",
  "change-withdrawn",
  "change-expired",
  "change-applied",
  "change-reverted",
  "break-glass",
  "host-command",
  "setup-ended",
  // Refusals.
  "access-refused",
  // One's own data.
  "push-consent",
  "push-consent-withdrawn",
  "data-exported",
  "data-erased",
  // The keys.
  "keys-rotated",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who did it: a person, the command line on the host, or Batchwatch itself. */
export type AuditActorKind = "user" | "host" | "service";

/** What is written of one act. No names of persons: ids only, which a person's erasure turns into pseudonyms. */
export interface AuditFact {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actorKind: AuditActorKind;
  /** A user's id; "host" or "service" else. A sign-in that named nobody we know: "unknown". */
  readonly actorId: string;
  readonly action: AuditAction;
  /** What it was done to: `run`, `job`, `incident`, `source`, `user`, `session`, `device`, `change-request`, `calendar`, `team`, `audit`, …; null with its id where there is none. */
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  /** Whose jobs it concerns; null: nobody's in particular. */
  readonly teamId: string | null;
  /** Small, masked, without clear-text personal data; at most LIMITS.auditDetailLength characters as JSON. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** A fact in its place in the chain. */
export interface AuditRecord extends AuditFact {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** HMAC-SHA256, hex, over the record before it and this one's content (audit/chain.ts). */
  readonly mac: string;
}

/** A record with the mac of the one before it: it can be checked by itself. */
export interface LinkedAuditRecord extends AuditRecord {
  readonly before: string;
}

/** The newest record's place and seal, kept outside of the store as well, so that a cut-off end is noticed. */
export interface AuditHead {
  readonly seq: number;
  readonly mac: string;
  readonly at: number;
}

/** A head as it is kept beside the store and said in the log: sealed, so that nobody else can make one. */
export interface SignedAuditHead extends AuditHead {
  readonly storeId: string;
  /** HMAC-SHA256, hex (audit/heads.ts). */
  readonly seal: string;
}

/** Where the kept records begin, once retention has removed older ones: the place and mac of the last that was removed. */
export interface AuditAnchor {
  readonly seq: number;
  readonly mac: string;
  /** When it was removed, epoch ms. */
  readonly at: number;
  /** HMAC-SHA256, hex (audit/heads.ts): records cannot be removed without the key. */
  readonly seal: string;
}

/** What the store itself says of its trail, beside the records. */
export interface AuditEnds {
  readonly storeId: string;
  /** Null: nothing was ever removed. */
  readonly anchor: AuditAnchor | null;
  /** The highest `seq` that was ever given out; 0: none. */
  readonly appended: number;
}

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly teamId?: string | undefined;
  /** Epoch ms, from inclusive, until exclusive. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** What `verify` found. `brokenAt`: the first record that is wrong, missing, or out of place. */
export interface AuditVerdict {
  readonly intact: boolean;
  /** False: the time was over before the end; nothing wrong was found until there. */
  readonly complete: boolean;
  /** Records looked at. */
  readonly records: number;
  readonly brokenAt: number | null;
  /** In words, for example "record 17 was changed" or "records after 120 are missing: the head says 125". */
  readonly finding: string;
  readonly head: AuditHead | null;
}
