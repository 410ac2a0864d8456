import { ROLES, type User } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { PROCEDURE_RULES, type ProcedurePath } from "../auth/policy.ts";
import { appRouter } from "./router.ts";
import type { Context, Services } from "./services.ts";
import { NO_TRAIL } from "./test-no-trail.ts";

const COMMAND = "6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10";
const CALENDAR = {
  calendarId: "target",
  name: "TARGET",
  zone: "UTC",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: null,
  days: [],
};
const INCIDENT = { incidentId: "a1" };
const ANSWER = { commandId: COMMAND, incidentId: "a1" };
const INPUTS: Record<ProcedurePath, unknown> = {
  "dashboard.get": {},
  "live.changes": {},
  "jobs.list": { limit: 1 },
  "jobs.get": { jobId: "a1" },
  "runs.list": { limit: 1 },
  "runs.get": { executionId: "a1" },
  "jobs.configure": { commandId: COMMAND, jobId: "a1", change: { tier: 1 } },
  "jobs.rename": { commandId: COMMAND, jobId: "a1", name: "GL_EXTRACT_V2" },
  "jobs.retire": { commandId: COMMAND, jobId: "a1", from: null },
  "jobs.assign": { commandId: COMMAND, jobId: "a1", teamId: "lending" },
  "calendars.list": undefined,
  "calendars.get": { calendarId: "target" },
  "calendars.propose": { commandId: COMMAND, calendar: CALENDAR },
  "incidents.list": { limit: 1 },
  "incidents.get": INCIDENT,
  "incidents.acknowledge": ANSWER,
  "incidents.acknowledgeAll": { commandId: COMMAND, incidentIds: ["a1"] },
  "incidents.unacknowledge": ANSWER,
  "incidents.takeOver": ANSWER,
  "incidents.snooze": { ...ANSWER, until: "2026-11-24T03:00:00.000Z" },
  "incidents.escalate": ANSWER,
  "incidents.backToBed": ANSWER,
  "incidents.resolve": { ...ANSWER, reason: "rerun by hand" },
  "incidents.comment": { ...ANSWER, text: "looking" },
  "incidents.whyNotPaged": INCIDENT,
  "deliveries.list": { limit: 1 },
  "deliveries.replay": { commandId: COMMAND, notificationId: "a1" },
  "push.publicKey": undefined,
  "push.devices": undefined,
  "push.subscribe": {
    endpoint: "https://push.example/1",
    p256dh: "B".repeat(87),
    auth: "A".repeat(22),
    label: "Chrome on Android",
  },
  "push.unsubscribe": { endpoint: "https://push.example/1" },
  "push.remove": { subscriptionId: "a1" },
  "push.test": { subscriptionId: "a1" },
  "push.receipt": { notificationId: "a1", kind: "shown" },
  "oncall.now": undefined,
  "oncall.setList": { commandId: COMMAND, teamId: "lending", userIds: [] },
  "sources.list": undefined,
  "me.sessions": undefined,
  "me.endSession": { sessionId: "a1" },
  "me.signOutEverywhere": undefined,
  "me.hasPassword": undefined,
  "me.setPassword": { password: "correct horse battery staple" },
  "me.devices": undefined,
  "me.pairDevice": { publicKey: "{}", label: "Chrome on Android" },
  "me.unpairDevice": { deviceId: "a1" },
  "me.export": undefined,
  "me.erase": { commandId: COMMAND, name: "a1" },
  "users.list": { limit: 1 },
  "users.propose": {
    commandId: COMMAND,
    change: { kind: "user-remove", payload: { userId: "a1" } },
  },
  "audit.list": { limit: 1 },
  "audit.verify": undefined,
  "audit.evidence": {},
  "approvals.list": { limit: 1 },
  "approvals.get": { requestId: "a1" },
  "approvals.approve": { commandId: COMMAND, requestId: "a1", hash: "0".repeat(64) },
  "approvals.reject": { commandId: COMMAND, requestId: "a1", note: "no" },
  "approvals.withdraw": { commandId: COMMAND, requestId: "a1" },
  "approvals.revert": { commandId: COMMAND, requestId: "a1" },
  "approvals.state": undefined,
  "vitals.report": { shownMs: 1_200, from: "server" },
  "retention.list": undefined,
  "retention.propose": { commandId: COMMAND, what: "runs", days: 30 },
  "sources.get": { sourceId: "a1" },
  "sources.propose": {
    commandId: COMMAND,
    change: {
      kind: "masking-exception",
      payload: { sourceId: "a1", field: "account", kinds: ["iban"] },
    },
  },
  "approvals.collect": { requestId: "a1" },
  "sources.startPaging": { commandId: COMMAND, sourceId: "a1" },
  "sources.stopPaging": { commandId: COMMAND, sourceId: "a1" },
  "health.get": undefined,
  "me.get": undefined,
};

/** Services that answer anything: what is tested is who gets through to them. */
const services = {
  dashboard: () => ({}),
  changes: async function* () {},
  jobs: { list: async () => ({}), get: async () => ({}) },
  runs: { list: async () => ({}), get: async () => ({}) },
  calendars: { list: async () => [], get: async () => ({}) },
  changing: {
    jobs: {
      configure: async () => ({}),
      rename: async () => ({}),
      retire: async () => ({}),
      assign: async () => ({}),
    },
    putCalendar: async () => ({}),
  },
  incidents: {
    list: async () => ({}),
    get: async () => ({}),
    command: async () => ({}),
    whyNotPaged: async () => ({}),
  },
  deliveries: { list: async () => ({}), replay: async () => true },
  push: {
    publicKey: () => "key",
    devices: () => [],
    subscribe: async () => ({}),
    unsubscribe: async () => true,
    remove: async () => true,
    test: async () => ({}),
    receipt: async () => true,
  },
  oncall: { now: async () => [], setList: async () => [] },
  sources: { list: () => [], get: async () => ({}), setPaging: async () => ({}) },
  audit: { list: async () => ({}), verify: async () => ({}), evidence: async () => ({}) },
  approvals: {
    propose: async () => ({}),
    list: async () => ({}),
    get: async () => ({}),
    approve: async () => ({}),
    reject: async () => ({}),
    withdraw: async () => ({}),
    revert: async () => ({}),
    collect: async () => ({}),
    state: async () => ({}),
  },
  meServices: {
    sessions: async () => [],
    endSession: async () => true,
    signOutEverywhere: async () => 1,
    setPassword: async () => {},
    hasPassword: async () => true,
    devices: async () => [],
    pairDevice: async () => ({}),
    unpairDevice: async () => true,
    export: async () => ({}),
    erase: async () => {},
  },
  users: { list: async () => ({}) },
  retention: { list: async () => [] },
  trail: NO_TRAIL,
  vitals: { report: () => true },
  health: () => ({}),
  me: async () => ({}),
} as unknown as Services;

async function call(path: ProcedurePath, user: User | null, input: unknown): Promise<string> {
  const context: Context = { user, services, ready: () => true };
  const caller = appRouter.createCaller(context) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const [router = "", procedure = ""] = path.split(".");
  try {
    await caller[router]?.[procedure]?.(input);
    return "OK";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const paths = Object.keys(PROCEDURE_RULES) as ProcedurePath[];

describe("who may call what [S61]", () => {
  it("has a rule for every procedure, and no rule without one", () => {
    expect(Object.keys(appRouter._def.procedures).sort()).toEqual([...paths].sort());
  });

  it.each(paths)("%s: every role as its rule says, and nobody without signing in", async (path) => {
    expect(await call(path, null, INPUTS[path])).toBe("UNAUTHORIZED");
    for (const role of ROLES) {
      const user: User = { userId: "u", name: "n", role, teamIds: ["lending"] };
      const allowed = (PROCEDURE_RULES[path] as readonly string[]).includes(role);
      expect([role, await call(path, user, INPUTS[path])]).toEqual([
        role,
        allowed ? "OK" : "FORBIDDEN",
      ]);
    }
  });

  it.each([
    ["dashboard.get", { team: "payments" }],
    ["live.changes", { team: "payments" }],
    ["jobs.list", { limit: 1, filter: { team: "payments" } }],
    ["runs.list", { limit: 1, filter: { team: "payments" } }],
  ] as const)("%s: a team lead is refused another team", async (path, input) => {
    const lead: User = { userId: "u", name: "n", role: "team-lead", teamIds: ["lending"] };
    const answer = await call(path, lead, input);
    if (path !== "live.changes") expect(answer).toBe("FORBIDDEN");
    else {
      const caller = appRouter.createCaller({ user: lead, services, ready: () => true });
      const stream = await caller.live.changes(input);
      await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
    }
  });

  it.each([
    ["jobs.list", { limit: 201 }],
    ["runs.list", { limit: 0 }],
    ["runs.get", { executionId: "../x" }],
    ["dashboard.get", { team: "lending", admin: true }],
    ["jobs.configure", { commandId: "1", jobId: "a1", change: {} }],
    ["jobs.configure", { commandId: COMMAND, jobId: "a1", change: { tier: 5 } }],
    ["jobs.configure", { commandId: COMMAND, jobId: "a1", change: { owner: "x" } }],
    ["jobs.configure", { commandId: COMMAND, jobId: "a1", change: { clocks: { heartbeatMs: 1 } } }],
    ["vitals.report", { shownMs: -1, from: "server" }],
    ["vitals.report", { shownMs: Number.NaN, from: "server" }],
    ["vitals.report", { shownMs: 1e9, from: "server" }],
    ["vitals.report", { shownMs: "1200", from: "server" }],
    ["vitals.report", { shownMs: 1, from: "https://bank.example" }],
    ["vitals.report", { shownMs: 1, from: "server", url: "https://bank.example" }],
    ["jobs.retire", { commandId: COMMAND, jobId: "a1", from: "tomorrow" }],
    ["jobs.assign", { commandId: COMMAND, jobId: "a1", teamId: "Lending!" }],
    ["calendars.propose", { commandId: COMMAND, calendar: { ...CALENDAR, days: ["2026-01-01"] } }],
  ] as const)("%s refuses the input %o", async (path, input) => {
    const user: User = { userId: "u", name: "n", role: "operations-manager", teamIds: [] };
    expect(await call(path, user, input)).toBe("BAD_REQUEST");
  });
});
