import {
  type Incident,
  type IncidentMember,
  incidentRow,
  type Scope,
  type User,
} from "@batchwatch/engine";
import { expect, test } from "vitest";
import { type AlertingParts, makeAlertingServices } from "./make-alerting-services.ts";

const member = (jobId: string, teamId: string, message: string): IncidentMember => ({
  alertId: jobId,
  rule: "failed",
  firing: true,
  since: 0,
  version: 1,
  openings: 1,
  card: {
    jobId,
    jobName: jobId,
    namespace: "bank",
    sourceId: "source",
    teamId,
    tier: 2,
    executionId: `run-of-${jobId}`,
    runKey: "1",
    instanceKey: "1",
    attempt: 1,
    parentExecutionId: null,
    businessDate: null,
    stage: null,
    firstStep: null,
    runbookUrl: null,
    message,
    evidence: [],
    recovering: null,
  },
});
const incident: Incident = {
  incidentId: "incident",
  groupKey: "job:ledger/1",
  version: 1,
  state: "OPEN",
  severity: "HIGH",
  causeKind: "FAILED",
  resourceKey: null,
  teamId: "accounting",
  openedAt: 0,
  updatedAt: 0,
  resolvedAt: null,
  resolution: null,
  resolvedBy: null,
  resolutionReason: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
  ackUntil: null,
  remindedAt: null,
  snoozedUntil: null,
  snoozedBy: null,
  backToBed: false,
  recovering: null,
  mergedInto: null,
  untold: null,
  escalation: { step: 0, nextAt: null },
  nextDueAt: null,
  members: [
    member("ledger", "accounting", "Account 4711 has no owner"),
    member("letters", "lending", "Ledger is not there"),
  ],
  memberCount: 2,
};
const EMPTY = { people: [], webhooks: [] };
const WORLD = {
  alertsOn: true,
  policyOf: () => EMPTY,
  platformPolicy: EMPTY,
  sourceOf: () => null,
};

const servicesOf = (stored: Incident) =>
  makeAlertingServices({
    readers: {
      incidents: {
        get: async () => stored,
        list: async () => ({ items: [stored], nextCursor: null }),
        events: async () => [],
        before: async () => [],
        downstream: async () => [],
      },
      outbox: { ofIncident: async () => [] },
      jobs: { get: async () => ({ firstStep: "Ask accounting", runbookUrl: null }) },
      runs: { list: async () => ({ items: [], nextCursor: null }), get: async () => null },
    },
    people: { users: () => [], sources: () => [], sourceById: () => null },
    rowOf: (one: Incident) => incidentRow(one, WORLD),
    now: () => 0,
  } as unknown as AlertingParts);
const { incidents } = servicesOf(incident);

const USER: User = { userId: "u", name: "Duty Operator", role: "on-call", teamIds: [] };
const words = async (scope: Scope) => {
  const view = await incidents.get(scope, USER, incident.incidentId);
  const { items } = await incidents.list(scope, {}, 10, null);
  return {
    of: view?.message,
    listed: items[0]?.message,
    members: view?.members.map(({ message }) => message),
    firstStep: view?.firstStep,
  };
};

test("whose job is only held up sees none of the other team's words", async () => {
  expect(await words({ teamIds: ["lending"], payload: true })).toEqual({
    of: null,
    listed: null,
    members: [null, "Ledger is not there"],
    firstStep: null,
  });
});

test.each(["all", ["accounting", "lending"]] as const)("%j sees both", async (teamIds) => {
  expect(await words({ teamIds, payload: true })).toEqual({
    of: "Account 4711 has no owner",
    listed: "Account 4711 has no owner",
    members: ["Account 4711 has no owner", "Ledger is not there"],
    firstStep: "Ask accounting",
  });
});

test("a scope without the jobs' words lists none", async () => {
  expect((await words({ teamIds: "all", payload: false })).listed).toBeNull();
});

test.each([
  ["CRITICAL", 60],
  ["HIGH", 240],
] as const)(
  "of a %s incident a snooze is offered for as long as it is granted: %i min",
  async (severity, minutes) => {
    const { incidents: of } = servicesOf({ ...incident, severity });
    const view = await of.get({ teamIds: "all", payload: true }, USER, "incident");
    expect(view?.snoozeUntilMost).toBe(new Date(minutes * 60_000).toISOString());
  },
);
