import {
  Board,
  type Incident,
  type IncidentEvent,
  type IncidentMember,
  incidentRow,
  type Notification,
  type Scope,
  type User,
} from "@batchwatch/engine";
import { expect, test } from "vitest";
import { testIncident } from "../notify/test-incident.ts";
import { testNotification } from "../notify/test-notifications.ts";
import { ForeignJobs } from "./foreign-jobs.ts";
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
const incident: Incident = testIncident({
  groupKey: "job:ledger/1",
  teamId: "accounting",
  members: [
    member("ledger", "accounting", "Account 4711 has no owner"),
    member("letters", "lending", "Ledger is not there"),
  ],
  memberCount: 2,
});
const EMPTY = { people: [], webhooks: [] };
const WORLD = {
  alertsOn: true,
  returnedAt: () => null,
  policyOf: () => EMPTY,
  platformPolicy: EMPTY,
  pageableOf: () => null,
  sourceOf: () => null,
  zoneOf: () => null,
};

const PERSON = { userId: "boss", name: "Ledger Lead" };
const EVENTS: readonly IncidentEvent[] = (["opened", "paged", "commented"] as const).map(
  (kind, at) => ({ eventId: kind, incidentId: "incident", at, kind, by: PERSON, text: "4711" }),
);
const DELIVERY = testNotification({ userId: "boss", receiver: "Ledger Lead" });

const servicesOf = (stored: Incident, deliveries: readonly Notification[] = [DELIVERY]) =>
  makeAlertingServices({
    stores: { incidents: { get: async () => stored } },
    foreign: new ForeignJobs({
      board: new Board("e"),
      teams: async () => [{ teamId: "accounting", name: "Accounting" }],
      onCallOf: () => "Duty Accountant",
    }),
    command: async () => ({ outcome: "done", acknowledgedAt: null, resolvedAt: null }),
    readers: {
      incidents: {
        get: async () => stored,
        list: async () => ({ items: [stored], nextCursor: null }),
        events: async () => EVENTS,
        before: async () => [],
        downstream: async () => [],
      },
      outbox: { ofIncident: async () => deliveries, promised: async () => deliveries },
      jobs: {
        get: async () => ({
          ownerTeamId: "accounting",
          firstStep: "Ask accounting",
          runbookUrl: null,
        }),
      },
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
    others: view?.foreignMembers,
    firstStep: view?.firstStep,
  };
};

test("whose job is only held up sees none of the other team's words", async () => {
  expect(await words({ teamIds: ["lending"], payload: true })).toEqual({
    of: null,
    listed: null,
    members: ["Ledger is not there"],
    // Four fields of the job that it waits for, and no more (domain.md, People).
    others: [
      {
        name: "ledger",
        teamName: "Accounting",
        state: "failed",
        etaAt: null,
        onCall: "Duty Accountant",
      },
    ],
    firstStep: null,
  });
});

test("nor its notes, people and messages, and acts on nothing of it", async () => {
  const scope = { teamIds: ["lending"], payload: true };
  const view = await incidents.get(scope, USER, "incident");
  expect(view).toMatchObject({ isForeign: true, jobId: null, deliveries: [], resolvedBy: null });
  expect(view?.events.map(({ kind, by, text }) => [kind, by, text])).toEqual([
    ["opened", null, null],
  ]);
  expect((await incidents.whyNotPaged(scope, USER, "incident"))?.deliveries).toEqual([]);
  expect(JSON.stringify(view)).not.toMatch(/4711|Ledger Lead|run-of-ledger/);
  await expect(
    incidents.command(scope, USER, "c", "incident", { type: "acknowledge" }),
  ).rejects.toMatchObject({ code: "foreign_incident" });
  const own = { teamIds: ["accounting"], payload: true };
  const answer = await incidents.command(own, USER, "c", "incident", { type: "acknowledge" });
  expect(answer?.outcome).toBe("done");
});

test("nobody else's incident is there at all", async () => {
  const scope = { teamIds: ["cards"], payload: true };
  expect(await incidents.get(scope, USER, "incident")).toBeNull();
  expect(await incidents.whyNotPaged(scope, USER, "incident")).toBeNull();
  expect(await incidents.command(scope, USER, "c", "incident", { type: "acknowledge" })).toBeNull();
});

test.each(["all", ["accounting", "lending"]] as const)("%j sees both", async (teamIds) => {
  expect(await words({ teamIds, payload: true })).toEqual({
    of: "Account 4711 has no owner",
    listed: "Account 4711 has no owner",
    members: ["Account 4711 has no owner", "Ledger is not there"],
    others: [],
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

test.each([
  ["page", true],
  ["update", true],
  ["reminder", true],
  ["recovered", false],
] as const)(
  "a device that is signed out may answer what its owner got a %s of: %s",
  async (kind, may) => {
    const delivery = testNotification({ userId: "boss", kind });
    const { wasPagedFor } = servicesOf(incident, [delivery]).incidents;
    const user = (userId: string): User => ({ userId, name: "n", role: "on-call", teamIds: [] });
    expect(await wasPagedFor(user("boss"), "incident")).toBe(may);
    expect(await wasPagedFor(user("another"), "incident")).toBe(false);
  },
);
