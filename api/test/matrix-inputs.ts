import { randomUUID } from "node:crypto";
import type { ProcedurePath } from "../src/auth/policy.ts";
import type { Things } from "./matrix-world.ts";

/** Ids of nothing, in the form of each. */
export const NOTHING: Things = {
  teamId: "no-such-team",
  sourceId: "nosuchsource",
  requestId: "nosuchrequest",
  jobId: "nosuchjob",
  executionId: "nosuchrun",
  incidentId: "nosuchincident",
  notificationId: "nosuchnotification",
  subscriptionId: "nosuchdevice",
  endpoint: "https://push.example/nothing",
  userId: "nosuchuser",
};

const page = { limit: 50 };
const asking = () => ({ commandId: randomUUID(), reason: "as it is" });
const incident = ({ incidentId }: Things) => ({ commandId: randomUUID(), incidentId });
const job = ({ jobId }: Things) => ({ ...asking(), jobId });
const request = ({ requestId }: Things) => ({ commandId: randomUUID(), requestId });
const CALENDAR = {
  calendarId: "target",
  name: "TARGET",
  zone: "UTC",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: null,
  days: [],
};

/** A good input of every procedure about what a team has. One without does not compile. */
export const MATRIX_INPUTS: Readonly<Record<ProcedurePath, (of: Things) => unknown>> = {
  "dashboard.get": () => ({}),
  "live.changes": () => ({}),
  "jobs.list": () => page,
  "jobs.get": ({ jobId }) => ({ jobId }),
  "jobs.configure": (of) => ({ ...job(of), change: { tier: 2 } }),
  "jobs.rename": (of) => ({ ...job(of), name: `renamed ${of.jobId}` }),
  "jobs.retire": (of) => ({ ...job(of), from: null }),
  "jobs.assign": (of) => ({ ...job(of), teamId: of.teamId }),
  "calendars.list": () => undefined,
  "calendars.get": () => ({ calendarId: "target" }),
  "calendars.propose": () => ({ ...asking(), calendar: CALENDAR }),
  "runs.list": ({ jobId }) => ({ ...page, filter: { jobId } }),
  "runs.get": ({ executionId }) => ({ executionId }),
  "incidents.list": ({ jobId }) => ({ ...page, filter: { jobId } }),
  "incidents.get": ({ incidentId }) => ({ incidentId }),
  "incidents.acknowledge": incident,
  "incidents.acknowledgeAll": ({ incidentId }) => ({
    commandId: randomUUID(),
    incidentIds: [incidentId],
  }),
  "incidents.unacknowledge": incident,
  "incidents.takeOver": incident,
  "incidents.snooze": (of) => ({
    ...incident(of),
    until: new Date(Date.now() + 60_000).toISOString(),
  }),
  "incidents.escalate": incident,
  "incidents.backToBed": incident,
  "incidents.resolve": (of) => ({ ...incident(of), reason: "it is over" }),
  "incidents.comment": (of) => ({ ...incident(of), text: "looking" }),
  "incidents.whyNotPaged": ({ incidentId }) => ({ incidentId }),
  "deliveries.list": () => page,
  "deliveries.replay": ({ notificationId }) => ({ commandId: randomUUID(), notificationId }),
  "push.publicKey": () => undefined,
  "push.devices": () => undefined,
  "push.subscribe": () => ({
    endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`,
    p256dh: "B".repeat(87),
    auth: "A".repeat(22),
    label: "a phone",
  }),
  "push.unsubscribe": ({ endpoint }) => ({ endpoint }),
  "push.remove": ({ subscriptionId }) => ({ subscriptionId }),
  "push.test": ({ subscriptionId }) => ({ subscriptionId }),
  "push.receipt": ({ notificationId }) => ({ notificationId, kind: "shown" }),
  "oncall.now": () => undefined,
  "oncall.setList": ({ teamId, userId }) => ({
    commandId: randomUUID(),
    teamId,
    userIds: [userId],
  }),
  "sources.list": () => undefined,
  "sources.get": ({ sourceId }) => ({ sourceId }),
  "sources.propose": ({ sourceId }) => ({
    ...asking(),
    change: {
      kind: "masking-exception",
      payload: { sourceId, field: "account", kinds: ["iban"] },
    },
  }),
  "sources.startPaging": ({ sourceId }) => ({ ...asking(), sourceId }),
  "sources.stopPaging": ({ sourceId }) => ({ ...asking(), sourceId }),
  "health.get": () => undefined,
  "vitals.report": () => ({ shownMs: 1_200, from: "server" }),
  "me.get": () => undefined,
  "me.sessions": () => undefined,
  "me.endSession": ({ userId }) => ({ sessionId: userId }),
  "me.signOutEverywhere": () => undefined,
  "me.hasPassword": () => undefined,
  "me.setPassword": () => ({ password: "short" }),
  "me.devices": () => undefined,
  "me.pairDevice": () => ({ publicKey: "{}", label: "a phone" }),
  "me.unpairDevice": ({ subscriptionId }) => ({ deviceId: subscriptionId }),
  "me.export": () => undefined,
  "me.erase": () => ({ commandId: randomUUID(), name: "somebody else" }),
  "users.list": () => page,
  "users.propose": ({ userId, teamId }) => ({
    ...asking(),
    change: {
      kind: "user-change",
      payload: { userId, role: "on-call", teamNames: [teamId] },
    },
  }),
  "audit.list": () => page,
  "audit.verify": () => undefined,
  "audit.evidence": () => ({}),
  "approvals.list": () => page,
  "approvals.get": ({ requestId }) => ({ requestId }),
  "approvals.approve": (of) => ({ ...request(of), hash: "0".repeat(64) }),
  "approvals.reject": (of) => ({ ...request(of), note: "no" }),
  "approvals.withdraw": request,
  "approvals.revert": (of) => ({ ...request(of), reason: "as it was" }),
  "approvals.collect": ({ requestId }) => ({ requestId }),
  "approvals.state": () => undefined,
  "retention.list": () => undefined,
  "retention.propose": () => ({ ...asking(), what: "runs", days: 90 }),
};

/** Asked of the foreign, the nothing and the own alike, but last: what they take away the others need. */
export const LAST: ReadonlySet<ProcedurePath> = new Set([
  "incidents.resolve",
  "push.unsubscribe",
  "push.remove",
  "jobs.rename",
]);
