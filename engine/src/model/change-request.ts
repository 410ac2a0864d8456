import type { SourceContract, Environment, PagingMode } from "./job.ts";
import type { Role } from "./people.ts";
import type { Calendar } from "./schedule.ts";
import type { SettingsChange } from "./settings-change.ts";
import type { MaskKind } from "./masked.ts";

/** What is changed only by two people (four eyes), and what a request for it holds. Everything else a person does is audited, not approved. */
export interface ChangePayloads {
  readonly "job-configure": { readonly jobId: string; readonly change: SettingsChange };
  readonly "job-rename": {
    readonly jobId: string;
    readonly name: string;
    readonly namespace: string;
  };
  /** Epoch ms; null takes a retirement back. */
  readonly "job-retire": { readonly jobId: string; readonly from: number | null };
  readonly "job-assign": {
    readonly jobId: string;
    /** Null: facts decide again. */
    readonly teamId: string | null;
    /** With null, whose the job is until facts say so; absent: it stays where it is. What takes an assignment back names it. */
    readonly formerTeamId?: string | undefined;
  };
  readonly "calendar-put": { readonly calendar: Calendar };
  /** The key is made when it is applied, shown once to who asked for it. */
  readonly "source-add": {
    readonly name: string;
    readonly contract: SourceContract;
    readonly environment: Environment;
    readonly zone: string;
    readonly teamName: string | null;
  };
  readonly "source-paging": { readonly sourceId: string; readonly pagingMode: PagingMode };
  /** A field whose values are kept unmasked for these kinds; an empty list takes the exception back. */
  readonly "masking-exception": {
    readonly sourceId: string;
    /** Name of a parameter or counter as the source sends it, at most 100 characters. */
    readonly field: string;
    readonly kinds: readonly MaskKind[];
  };
  readonly "user-add": {
    readonly name: string;
    readonly role: Role;
    readonly teamNames: readonly string[];
  };
  readonly "user-change": {
    readonly userId: string;
    readonly role: Role;
    readonly teamNames: readonly string[];
  };
  readonly "user-remove": { readonly userId: string };
  /** Days; null goes back to the setting of the host. */
  readonly "retention-set": { readonly what: RetainedKind; readonly days: number | null };
}
export type ChangeKind = keyof ChangePayloads;
export const CHANGE_KINDS: readonly ChangeKind[] = [
  "job-configure",
  "job-rename",
  "job-retire",
  "job-assign",
  "calendar-put",
  "source-add",
  "source-paging",
  "masking-exception",
  "user-add",
  "user-change",
  "user-remove",
  "retention-set",
];

/** What is kept for a time that people set. */
export const RETAINED_KINDS = ["audit", "incidents", "notifications", "runs"] as const;
export type RetainedKind = (typeof RETAINED_KINDS)[number];

/** A kind with its own payload. */
export type ProposedChange = {
  [K in ChangeKind]: { readonly kind: K; readonly payload: ChangePayloads[K] };
}[ChangeKind];

export const CHANGE_STATES = [
  "WAITING",
  /** Approved by a second person, or by the rule in `mode`, and carried out in the same transaction. */
  "APPLIED",
  "REJECTED",
  "WITHDRAWN",
  "EXPIRED",
  /** It was applied under break-glass and taken back: nobody approved it in time, somebody said no, or who asked thought better of it. */
  "REVERTED",
] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

export const CHANGE_MODES = ["two-people", "set-up", "break-glass"] as const;
/** `two-people`: the rule. `set-up`: one person, while nobody else could approve. `break-glass`: at once, for at most LIMITS.breakGlassMs unless it is approved. */
export type ChangeMode = (typeof CHANGE_MODES)[number];

/** A request for one change. What is approved is its `hash`: exactly this change on exactly this state before it. */
export type ChangeRequest = ProposedChange & {
  readonly requestId: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** As people know it: a job's, source's or user's name at the time of the request. */
  readonly subjectName: string;
  /** Whose jobs it concerns; null: nobody's in particular. */
  readonly teamId: string | null;
  /** Whose the job is that a rename takes in; absent: it takes in none. */
  readonly joinsTeamId?: string;
  /** Field → text before and after, as on a job's list of changes. */
  readonly differences: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** Why, in the words of who asks. */
  readonly reason: string;
  /** SHA-256, hex, over kind, payload and what stood before (approvals/request-hash.ts). */
  readonly hash: string;
  readonly requestedBy: string;
  /** The person whose hands could have asked: who fetched that user's sign-in link and was not replaced at the time, else the user (EYES-2). */
  readonly requestedHands: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly state: ChangeState;
  readonly mode: ChangeMode;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  /** Why it was rejected, or what was said to the approval. */
  readonly decisionNote: string | null;
  /** Under break-glass: when it is taken back unless it is approved before. */
  readonly revertsAt: number | null;
  /** The request that took this one back, where there is one. */
  readonly revertedBy: string | null;
  /** Whether there is a change that takes it back (approvals/inverse.ts). */
  readonly invertible: boolean;
  /** When who asked fetched the new source's key or the new user's sign-in link; null: not yet, or there is none. */
  readonly collectedAt: number | null;
};
