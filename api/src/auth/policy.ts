import {
  inScope,
  ROLES,
  type Role,
  type Scope,
  scopeOf,
  type Source,
  type User,
} from "@batchwatch/engine";

/** Who answers a page. */
const RESPONDERS = ["operations-manager", "team-lead", "on-call"] as const;
/** Everybody but the wall. */
const PEOPLE = [...RESPONDERS, "auditor", "administrator"] as const;

/** Every procedure has a rule; router.test.ts compares this table with the router. */
export const PROCEDURE_RULES = {
  "dashboard.get": ROLES,
  "live.changes": ROLES,
  "jobs.list": ROLES,
  "jobs.get": ROLES,
  "jobs.configure": ["operations-manager", "team-lead", "administrator"],
  "jobs.rename": ["operations-manager", "team-lead", "administrator"],
  "jobs.retire": ["operations-manager", "team-lead", "administrator"],
  // Whose a job is decides who sees it: no team takes one for itself.
  "jobs.assign": ["operations-manager", "administrator"],
  "calendars.list": ROLES,
  "calendars.get": ROLES,
  "calendars.propose": ["operations-manager", "administrator"],
  "runs.list": ROLES,
  // A run's detail is job payload: parameters, messages, lineage.
  "runs.get": ["operations-manager", "team-lead", "on-call", "auditor"],
  "incidents.list": ROLES,
  "incidents.get": ["operations-manager", "team-lead", "on-call", "auditor"],
  "incidents.acknowledge": RESPONDERS,
  "incidents.acknowledgeAll": RESPONDERS,
  "incidents.unacknowledge": RESPONDERS,
  "incidents.takeOver": RESPONDERS,
  "incidents.snooze": RESPONDERS,
  "incidents.escalate": RESPONDERS,
  "incidents.backToBed": RESPONDERS,
  "incidents.resolve": RESPONDERS,
  "incidents.comment": RESPONDERS,
  "incidents.whyNotPaged": [
    "operations-manager",
    "team-lead",
    "on-call",
    "auditor",
    "administrator",
  ],
  "deliveries.list": ["operations-manager", "auditor", "administrator"],
  "deliveries.replay": ["operations-manager", "administrator"],
  "push.publicKey": PEOPLE,
  "push.devices": PEOPLE,
  "push.subscribe": PEOPLE,
  "push.unsubscribe": PEOPLE,
  "push.remove": PEOPLE,
  "push.test": PEOPLE,
  "push.receipt": PEOPLE,
  "oncall.now": PEOPLE,
  "oncall.setList": ["operations-manager", "team-lead", "administrator"],
  "sources.list": PEOPLE,
  // What was refused of a source is shown masked; to administrators without the members' own words.
  "sources.get": ["operations-manager", "auditor", "administrator"],
  "sources.propose": ["operations-manager", "administrator"],
  "sources.startPaging": ["operations-manager", "administrator"],
  "sources.stopPaging": ["operations-manager", "administrator"],
  "health.get": ROLES,
  "me.get": ROLES,
  // Everybody manages their own; a wall is nobody.
  "me.sessions": PEOPLE,
  "me.endSession": PEOPLE,
  "me.signOutEverywhere": PEOPLE,
  "me.hasPassword": PEOPLE,
  "me.setPassword": PEOPLE,
  "me.devices": PEOPLE,
  "me.pairDevice": PEOPLE,
  "me.unpairDevice": PEOPLE,
  "me.export": PEOPLE,
  "me.erase": PEOPLE,
  "users.list": ["operations-manager", "auditor", "administrator"],
  "users.propose": ["administrator"],
  "audit.list": ["operations-manager", "team-lead", "auditor", "administrator"],
  "audit.verify": ["operations-manager", "auditor", "administrator"],
  "audit.evidence": ["operations-manager", "auditor", "administrator"],
  "approvals.list": ["operations-manager", "team-lead", "auditor", "administrator"],
  "approvals.get": ["operations-manager", "team-lead", "auditor", "administrator"],
  "approvals.approve": ["operations-manager", "team-lead", "administrator"],
  "approvals.reject": ["operations-manager", "team-lead", "administrator"],
  "approvals.withdraw": ["operations-manager", "team-lead", "administrator"],
  "approvals.revert": ["operations-manager", "team-lead", "administrator"],
  "approvals.collect": ["operations-manager", "administrator"],
  "approvals.state": PEOPLE,
  "vitals.report": ROLES,
  "retention.list": PEOPLE,
  "retention.propose": ["administrator"],
} as const satisfies Record<string, readonly Role[]>;

export type ProcedurePath = keyof typeof PROCEDURE_RULES;

/**
 * What a paired device may do while nobody is signed in on it, beside what its owner's role allows: answer what its owner was paged for, and
 * say that it was shown. `incident`: it takes an `incidentId`, which must be one of those; `self`: it reaches nothing but what its owner was sent.
 */
const PAGED_ONLY: Readonly<Partial<Record<ProcedurePath, "incident" | "self">>> = {
  "incidents.get": "incident",
  "incidents.acknowledge": "incident",
  "incidents.snooze": "incident",
  "incidents.escalate": "incident",
  "incidents.comment": "incident",
  "push.receipt": "self",
};

/** Null: it may not be called so. */
export function pagedReach(path: ProcedurePath): "incident" | "self" | null {
  return PAGED_ONLY[path] ?? null;
}

/** Unknown procedures are refused: fail closed. */
export function mayCall(role: Role, path: ProcedurePath): boolean {
  const roles: readonly Role[] | undefined = PROCEDURE_RULES[path];
  return roles?.includes(role) ?? false;
}

/** A source is its team's, and everybody's where it has none. */
export function maySeeSource(scope: Scope, { teamId }: Pick<Source, "teamId">): boolean {
  return teamId === null || inScope(scope, teamId);
}

/** Null: there is none, or it is another team's. */
export function sourceNameFor(
  scope: Scope,
  source: Pick<Source, "teamId" | "name"> | null,
): string | null {
  return source !== null && maySeeSource(scope, source) ? source.name : null;
}

/** Whoever may see and acknowledge the team's incidents can be woken for them, and nobody else. */
export function canAnswerFor(user: User, teamId: string): boolean {
  return mayCall(user.role, "incidents.acknowledge") && inScope(scopeOf(user), teamId);
}
