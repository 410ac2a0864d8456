import type { AuditAction, AuditVerdict } from "./audit.ts";
import type { ChangeKind, ChangeMode, ChangeState, RetainedKind } from "./change-request.ts";
import type { Role } from "./people.ts";

/** Answers of the API about people, changes and the record of both. Times are ISO 8601 UTC. */

export interface AuditView {
  readonly seq: number;
  readonly at: string;
  /** The person's name today, "Former user 3f9a" after an erasure, "Command line on the host", "Batchwatch". */
  readonly who: string;
  readonly actorId: string;
  readonly action: AuditAction;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  /** As people know it; null where it cannot be told (any more). */
  readonly subjectName: string | null;
  readonly teamId: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditVerdictView extends Omit<AuditVerdict, "head"> {
  readonly at: string;
  readonly headSeq: number | null;
  readonly headAt: string | null;
}

/** Lines of NDJSON that verify by themselves, and how to check them. */
export interface EvidenceView {
  readonly fileName: string;
  readonly records: number;
  readonly text: string;
  /** The filter matched more than fit: narrow it. */
  readonly cut: boolean;
}

export interface ChangeRequestView {
  readonly requestId: string;
  readonly kind: ChangeKind;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string;
  readonly teamId: string | null;
  readonly differences: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly reason: string;
  readonly hash: string;
  readonly requestedBy: string;
  readonly requestedById: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly state: ChangeState;
  readonly mode: ChangeMode;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionNote: string | null;
  readonly revertsAt: string | null;
  readonly revertedBy: string | null;
  /** What the reader may do with it now. `collect`: fetch the new source's key or the new user's sign-in link, once; absent: no. */
  readonly may: {
    readonly collect?: boolean;
    readonly approve: boolean;
    readonly reject: boolean;
    readonly withdraw: boolean;
    readonly revert: boolean;
  };
  /** Why the reader may not approve, in words; null: they may, or it no longer waits. */
  readonly whyNot: string | null;
  /** Names of people who could approve, at most 10. */
  readonly approvers: readonly string[];
}

/** What became of a change that a person asked for. */
export interface ProposedView {
  readonly outcome: "applied" | "waiting";
  readonly request: ChangeRequestView;
  /** The new source's key or the new user's sign-in link; shown once, to nobody but who asked. Null where there is none. */
  readonly secret: string | null;
}

/** The same beside the answer that a change always had. `request` null: nothing would change. */
export type ChangeOutcomeView =
  | { readonly outcome: "applied"; readonly request: ChangeRequestView | null }
  | { readonly outcome: "waiting"; readonly request: ChangeRequestView };

/** How far four eyes are in force. */
export interface ApprovalStateView {
  /** Set-up mode: one person may approve alone until then; null: it is over. */
  readonly setupUntil: string | null;
  readonly waiting: number;
  /** Changes that stand under break-glass right now. */
  readonly breakGlass: number;
}

export interface SessionView {
  readonly sessionId: string;
  readonly label: string;
  readonly method: "code" | "password" | "oidc";
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
  readonly isThis: boolean;
}

export interface UserView {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly teamIds: readonly string[];
  readonly lastSignInAt: string | null;
}

/** How long what is kept, and who says so. */
export interface RetentionView {
  readonly what: RetainedKind;
  readonly days: number;
  readonly setBy: "host" | "approved-change";
}
