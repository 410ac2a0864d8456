import type { ProcedurePath } from "./policy.ts";

/**
 * What of all there is an answer may hold, for roles that see their own teams only (TEAM_ROLES). Other roles see every team.
 *
 * - `own-list`: lists, snapshots, searches, counts and streams: what is the caller's own teams', and nothing of others
 * - `own-thing`: one thing by its id: another team's is not there (`NOT_FOUND`), as one that does not exist
 * - `own-team`: what is named by a team's id: another team's is `FORBIDDEN`, as one that does not exist
 * - `self`: the caller's own account, sessions and devices; what is another person's does nothing and says nothing
 * - `common`: the same for everybody who may call: calendars, health of the service, how long things are kept
 * - `every-team`: only roles that see every team may call it
 */
export type Reach = "own-list" | "own-thing" | "own-team" | "self" | "common" | "every-team";

/** Proven for each procedure, role and team against a real server by api/test/matrix.test.ts. */
export const PROCEDURE_REACH = {
  "dashboard.get": "own-list",
  "live.changes": "own-list",
  "jobs.list": "own-list",
  "jobs.get": "own-thing",
  "jobs.configure": "own-thing",
  "jobs.rename": "own-thing",
  "jobs.retire": "own-thing",
  "jobs.assign": "every-team",
  "calendars.list": "common",
  "calendars.get": "common",
  "calendars.propose": "every-team",
  "runs.list": "own-list",
  "runs.get": "own-thing",
  "incidents.list": "own-list",
  "incidents.get": "own-thing",
  "incidents.acknowledge": "own-thing",
  "incidents.acknowledgeAll": "own-list",
  "incidents.unacknowledge": "own-thing",
  "incidents.takeOver": "own-thing",
  "incidents.snooze": "own-thing",
  "incidents.escalate": "own-thing",
  "incidents.backToBed": "own-thing",
  "incidents.resolve": "own-thing",
  "incidents.comment": "own-thing",
  "incidents.whyNotPaged": "own-thing",
  "deliveries.list": "every-team",
  "deliveries.replay": "every-team",
  "push.publicKey": "common",
  "push.devices": "self",
  "push.subscribe": "self",
  "push.unsubscribe": "self",
  "push.remove": "self",
  "push.test": "self",
  "push.receipt": "self",
  "oncall.now": "own-list",
  "oncall.setList": "own-team",
  "sources.list": "own-list",
  "sources.get": "every-team",
  "sources.propose": "every-team",
  "sources.startPaging": "every-team",
  "sources.stopPaging": "every-team",
  "health.get": "common",
  "vitals.report": "common",
  "me.get": "self",
  "me.sessions": "self",
  "me.endSession": "self",
  "me.signOutEverywhere": "self",
  "me.hasPassword": "self",
  "me.setPassword": "self",
  "me.devices": "self",
  "me.pairDevice": "self",
  "me.unpairDevice": "self",
  "me.export": "self",
  "me.erase": "self",
  "users.list": "every-team",
  "users.propose": "every-team",
  "audit.list": "own-list",
  "audit.verify": "every-team",
  "audit.evidence": "every-team",
  "approvals.list": "own-list",
  "approvals.get": "own-thing",
  "approvals.approve": "own-thing",
  "approvals.reject": "own-thing",
  "approvals.withdraw": "own-thing",
  "approvals.revert": "own-thing",
  "approvals.collect": "every-team",
  "approvals.state": "common",
  "retention.list": "common",
  "retention.propose": "every-team",
} as const satisfies Record<ProcedurePath, Reach>;
