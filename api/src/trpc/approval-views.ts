import {
  APPROVER_ROLES,
  type ChangeKind,
  type ChangeRequest,
  type ChangeRequestView,
  isoOf,
  LIMITS,
  mayAsk,
  type User,
  whyNotDecide,
} from "@batchwatch/engine";

/** People named as those who could approve. */
const APPROVERS_SHOWN = 10;

const WHY_NOT = {
  own_request: "You asked for this change: somebody else must approve it.",
  same_hands:
    "A sign-in link of yours was fetched by who asked, or theirs by you. Somebody else decides, or it is asked for again once the host has given whose link it was a way in of their own (batchwatch user link, user password or user oidc).",
  may_not_decide: "Administrators, operations managers and the leads of the job's team decide.",
} as const;

/** People as known now; a removed one has no name any more. */
export interface KnownUsers {
  users(): readonly User[];
  userById(userId: string): User | null;
}

/** A change request as this person reads it. Pure. */
export function requestView(
  request: ChangeRequest,
  user: User,
  people: KnownUsers,
  now: number,
): ChangeRequestView {
  const isMine = request.requestedBy === user.userId;
  const isOpen = isOpenAt(request, now);
  const why = whyNotDecide(user, request);
  const decides = isOpen && why === null;
  const { kind, teamId } = request;
  return {
    requestId: request.requestId,
    kind,
    subjectKind: request.subjectKind,
    subjectId: request.subjectId,
    subjectName: request.subjectName,
    teamId,
    differences: request.differences,
    reason: request.reason,
    hash: request.hash,
    requestedBy: nameOf(request.requestedBy, people),
    requestedById: request.requestedBy,
    requestedAt: new Date(request.requestedAt).toISOString(),
    expiresAt: new Date(request.expiresAt).toISOString(),
    state: request.state,
    mode: request.mode,
    decidedBy: request.decidedBy === null ? null : nameOf(request.decidedBy, people),
    decidedAt: isoOf(request.decidedAt),
    decisionNote: request.decisionNote,
    revertsAt: isoOf(request.revertsAt),
    revertedBy: request.revertedBy,
    may: {
      collect: isMine && hasSecret(request) && !isTooLate(request, now),
      approve: decides,
      reject: decides,
      withdraw: isOpen && isMine,
      revert: isRevertible(request) && mayAsk(user, { kind: inverseKind(kind), teamId }),
    },
    whyNot: isOpen && why !== null ? WHY_NOT[why] : null,
    approvers: isOpen ? approversOf(request, people).slice(0, APPROVERS_SHOWN).map(nameIn) : [],
  };
}

/** Who could approve it, administrators and operations managers first. */
export function approversOf(
  request: Pick<ChangeRequest, "kind" | "teamId" | "requestedBy" | "requestedHands">,
  people: Pick<KnownUsers, "users">,
): readonly User[] {
  const able = people.users().filter((user) => whyNotDecide(user, request) === null);
  const first = able.filter(({ role }) => APPROVER_ROLES.includes(role));
  return [...first, ...able.filter((user) => !first.includes(user))];
}

/** It waits, or stands under break-glass, and its time is not over. */
function isOpenAt({ state, expiresAt, revertsAt }: ChangeRequest, now: number): boolean {
  if (state === "APPLIED") return revertsAt !== null && now < revertsAt;
  return state === "WAITING" && now < expiresAt;
}

/** Whether there is something that only who asked may see, and has not yet. */
export function hasSecret({ kind, state, revertedBy, collectedAt }: ChangeRequest): boolean {
  const makes = kind === "source-add" || kind === "user-add";
  return makes && state === "APPLIED" && revertedBy === null && collectedAt === null;
}

/** A new user's link is fetched soon, or made at the host. */
function isTooLate({ kind, decidedAt, requestedAt }: ChangeRequest, now: number): boolean {
  return kind === "user-add" && now >= (decidedAt ?? requestedAt) + LIMITS.collectMs;
}

function isRevertible({ state, revertsAt, revertedBy, invertible }: ChangeRequest): boolean {
  return state === "APPLIED" && revertsAt === null && revertedBy === null && invertible;
}

function inverseKind(kind: ChangeKind): ChangeKind {
  return kind === "user-add" ? "user-remove" : kind;
}

function nameIn({ name }: User): string {
  return name;
}

function nameOf(userId: string, people: KnownUsers): string {
  return people.userById(userId)?.name ?? `Former user ${userId.slice(-4)}`;
}
