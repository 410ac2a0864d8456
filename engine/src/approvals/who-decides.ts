import type { ChangeKind } from "../model/change-request.ts";
import type { Role, User } from "../model/people.ts";

/** Who may approve whatever it is, unless they asked for it themselves. */
export const APPROVER_ROLES: readonly Role[] = ["administrator", "operations-manager"];

const BOTH: ReadonlySet<Role> = new Set<Role>(APPROVER_ROLES);
const ADMINISTRATORS: ReadonlySet<Role> = new Set<Role>(["administrator"]);

/** A job's own configuration: its team's leads ask for it, and another of them may approve. Whose a job is, is not theirs to say: it decides who sees it. */
const OF_ITS_TEAM: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  "job-configure",
  "job-rename",
  "job-retire",
]);

const ASKED_BY: Readonly<Record<ChangeKind, ReadonlySet<Role>>> = {
  "job-configure": BOTH,
  "job-rename": BOTH,
  "job-retire": BOTH,
  "job-assign": BOTH,
  "calendar-put": BOTH,
  "source-add": BOTH,
  "source-paging": BOTH,
  "masking-exception": BOTH,
  "user-add": ADMINISTRATORS,
  "user-change": ADMINISTRATORS,
  "user-remove": ADMINISTRATORS,
  "retention-set": ADMINISTRATORS,
};

/** A change, as far as it matters to who decides. */
export interface Decidable {
  readonly kind: ChangeKind;
  /** Whose jobs it concerns; null: nobody's in particular. */
  readonly teamId: string | null;
  /** Whose the job is that a rename takes in; absent: it takes in none. */
  readonly joinsTeamId?: string;
  readonly requestedBy: string;
  /** Whose hands could have asked for it, at that time (`handsOf`). */
  readonly requestedHands: string;
}

/** The person who could act in this account: who fetched its sign-in link, else its own. */
export function handsOf({ userId, letInBy }: Pick<User, "userId" | "letInBy">): string {
  return letInBy ?? userId;
}

/** Whether a role can approve anything at all: who has it counts as the second person. */
export function canApprove(role: Role): boolean {
  return BOTH.has(role) || role === "team-lead";
}

/** Whether several accounts could approve, and one person could be in all of them: then nobody approves for anybody (EYES-2). */
export function areApproversOne(users: readonly User[]): boolean {
  const able = users.filter(({ role }) => BOTH.has(role));
  return able.length > 1 && new Set(able.map(handsOf)).size === 1;
}

/** EYES-1. */
export function mayAsk(
  user: User,
  change: Omit<Decidable, "requestedBy" | "requestedHands">,
): boolean {
  return ASKED_BY[change.kind].has(user.role) || leadsIts(user, change);
}

/** EYES-7: at once and alone, for a while. */
export function mayBreakGlass(user: User): boolean {
  return BOTH.has(user.role);
}

/** Why somebody may not decide, as a stable code. */
export type WhyNotDecide = "own_request" | "same_hands" | "may_not_decide";

/**
 * Who asked decides nothing, whatever session, device or role they come with, nor does an account that the same hands could be in (EYES-2).
 * These are as they were when it was asked for: neither vouching for who asked nor removing them makes what they asked for another's.
 * Null: this person may.
 */
export function whyNotDecide(user: User, change: Decidable): WhyNotDecide | null {
  if (user.userId === change.requestedBy) return "own_request";
  if (handsOf(user) === change.requestedHands) return "same_hands";
  if (BOTH.has(user.role) || leadsIts(user, change)) return null;
  return "may_not_decide";
}

/** All of it: what is taken in has an owner as well. */
function leadsIts(
  user: User,
  { kind, teamId, joinsTeamId }: Omit<Decidable, "requestedBy" | "requestedHands">,
): boolean {
  return (
    user.role === "team-lead" &&
    OF_ITS_TEAM.has(kind) &&
    teamId !== null &&
    user.teamIds.includes(teamId) &&
    (joinsTeamId === undefined || user.teamIds.includes(joinsTeamId))
  );
}
