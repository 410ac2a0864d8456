import { LIMITS, type Incident, type Page } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import {
  acknowledge,
  after,
  alertCard,
  answered,
  change,
  duty,
  ended,
  event,
  holds,
  idOf,
  incident,
  memberOf,
  notification,
  type IncidentStores,
} from "./test-incidents.ts";

const everyone = { teamIds: "all", payload: true } as const;

/** Every store of alerts and incidents keeps to this; the desk is as honest in tests as its stores are. */
export function incidentConformance(name: string, open: () => Promise<IncidentStores>): void {
  describe(`alerts in ${name}`, () => {
    test("a level is joined once: said again it changes nothing, ended and begun anew it is another opening", async () => {
      const { alerts } = await open();
      const [first] = await alerts.report([holds("e1", 10)]);
      expect(first).toMatchObject({ alertId: idOf("e1"), firing: true, version: 1, openings: 1 });
      expect(await alerts.report([holds("e1", 10), ended("e2", 11)])).toEqual([]);
      const changed = await alerts.report([ended("e1", 20), ended("e1", 21)]);
      expect(changed).toMatchObject([
        { firing: false, endedAt: 20, ending: "cleared", version: 2 },
      ]);
      expect(await alerts.get(idOf("e1"))).toEqual(changed[0]);
      const [anew] = await alerts.report([holds("e1", 30, { message: "again" })]);
      expect(anew).toMatchObject({
        openings: 2,
        version: 3,
        since: 30,
        endedAt: null,
        ending: null,
      });
      expect((await alerts.get(idOf("e1")))?.card).toEqual(alertCard({ message: "again" }));
      expect(await alerts.get("nobody")).toBeNull();
      expect(await alerts.ofIds([idOf("e1"), "nobody"])).toMatchObject([{ version: 3 }]);
    });

    test("unhandled alerts come in the order of their changes; taken in, they are the incident's", async () => {
      const { alerts, incidents } = await open();
      await alerts.report([holds("e2", 10), holds("e1", 11)]);
      const [one, two] = await alerts.unhandled(9);
      expect([one?.subject, two?.subject]).toEqual(["e2", "e1"]);
      expect(await alerts.unhandled(1)).toEqual([one]);
      const taken = { alertId: idOf("e2"), handledVersion: 1, reason: null };
      await incidents.commit([change(withMembers("n1", one), { alerts: [taken] })]);
      expect(await alerts.unhandled(9)).toEqual([two]);
      expect(await alerts.get(idOf("e2"))).toMatchObject({ incidentId: "n1", handledVersion: 1 });
      await alerts.report([ended("e2", 20)]);
      expect((await alerts.unhandled(9)).map((alert) => alert.subject)).toEqual(["e1", "e2"]);
    });

    test("an alert that changed meanwhile stays unhandled, and a new opening is nobody's", async () => {
      const { alerts, incidents } = await open();
      const [first] = await alerts.report([holds("e1", 10)]);
      await alerts.report([ended("e1", 20)]);
      await alerts.report([holds("e1", 30)]);
      const taken = { alertId: idOf("e1"), handledVersion: 1, reason: "low-tier" as const };
      await incidents.commit([change(withMembers("n1", first), { alerts: [taken] })]);
      expect(await alerts.get(idOf("e1"))).toMatchObject({
        handledVersion: 1,
        version: 3,
        incidentId: null,
        reason: null,
      });
      expect(await alerts.unhandled(9)).toHaveLength(1);
      const settled = { alertId: idOf("e1"), handledVersion: 2, reason: "ended-before" as const };
      await alerts.settle([settled]);
      expect(await alerts.get(idOf("e1"))).toMatchObject({ handledVersion: 2, reason: null });
      expect(await alerts.unexplained(9)).toHaveLength(1);
    });

    test("a change of the same opening stays the incident's, and an older version is not handled twice", async () => {
      const { alerts, incidents } = await open();
      const [first] = await alerts.report([holds("e1", 10)]);
      const [second] = await alerts.report([holds("e1", 10, { message: "more is known" })]);
      const taking = (handledVersion: number, reason: "low-tier" | null) => ({
        alerts: [{ alertId: idOf("e1"), handledVersion, reason }],
      });
      const opened = withMembers("n1", first);
      await incidents.commit([change(opened, taking(1, null))]);
      expect(await alerts.get(idOf("e1"))).toMatchObject({ incidentId: "n1", handledVersion: 1 });
      expect(await alerts.unhandled(9)).toHaveLength(1);
      const next = after(withMembers("n1", second));
      await incidents.commit([change(next, taking(2, "low-tier"))]);
      await incidents.commit([change(after(next), taking(1, null))]);
      expect(await alerts.get(idOf("e1"))).toMatchObject({ handledVersion: 2, reason: "low-tier" });
      expect(await alerts.unhandled(9)).toEqual([]);
    });

    test("[I5] firing alerts are an incident's or have a reason, else they are listed", async () => {
      const { alerts, incidents } = await open();
      const [one] = await alerts.report([holds("e1", 30), holds("e2", 10), holds("e3", 20)]);
      expect(await alerts.unexplained(9)).toHaveLength(3);
      const taken = (executionId: string) => ({
        alertId: idOf(executionId),
        handledVersion: 1,
        reason: null,
      });
      await incidents.commit([
        change(withMembers("n1", one), { alerts: [taken("e1"), taken("e2")] }),
      ]);
      await alerts.settle([{ alertId: idOf("e3"), handledVersion: 1, reason: "alerts-off" }]);
      expect(await alerts.unexplained(9)).toEqual([]);
      expect(await alerts.unhandled(9)).toEqual([]);
      expect((await alerts.firingOf("n1", 9)).map((alert) => alert.subject)).toEqual(["e2", "e1"]);
      await alerts.report([ended("e2", 40)]);
      expect((await alerts.firingOf("n1", 1)).map((alert) => alert.subject)).toEqual(["e1"]);
      expect(await alerts.get(idOf("e3"))).toMatchObject({
        reason: "alerts-off",
        incidentId: null,
      });
    });
  });

  describe(`incidents in ${name}`, () => {
    test("an incident reads back as it was written, open until it is resolved", async () => {
      const { incidents, alerts } = await open();
      const [alert] = await alerts.report([holds("e1", 10)]);
      const full = withMembers("n1", alert, {
        acknowledgedBy: duty,
        recovering: { executionId: "e2", attempt: 2, startedAt: 5 },
        escalation: { step: 2, nextAt: 60 },
      });
      expect(
        await incidents.commit([change(full), change(incident("n0", { openedAt: 1 }))]),
      ).toEqual(["done", "done"]);
      expect(await incidents.get("n1")).toEqual(full);
      expect(ids(await incidents.open(9))).toEqual(["n0", "n1"]);
      expect(ids(await incidents.open(1))).toEqual(["n0"]);
      await incidents.commit([change(after(full, { state: "RESOLVED", resolvedAt: 2 }))]);
      expect(ids(await incidents.open(9))).toEqual(["n0"]);
      expect(await incidents.get("n1")).toMatchObject({ state: "RESOLVED", version: 2 });
      expect(await incidents.get("nobody")).toBeNull();
    });

    test("another version is a conflict that leaves nothing, and the others go on", async () => {
      const { incidents, outbox, alerts } = await open();
      await alerts.report([holds("e1", 10)]);
      const first = incident("n1");
      await incidents.commit([change(first, { notifications: [notification("p0")] })]);
      const stale = change(after(after(first)), {
        alerts: [{ alertId: idOf("e1"), handledVersion: 1, reason: null }],
        notifications: [notification("p1")],
        events: [event("v1")],
        cancels: { userId: null },
        command: answered(acknowledge("c1", "n1"), first),
      });
      const fresh = change(incident("n2"), {
        notifications: [notification("p2", { incidentId: "n2" })],
      });
      const twice = change(incident("n1", { groupKey: "another" }));
      expect(await incidents.commit([stale, fresh, twice])).toEqual([
        "conflict",
        "done",
        "conflict",
      ]);
      expect(await incidents.get("n1")).toEqual(first);
      expect(await incidents.events("n1")).toEqual([]);
      expect(await incidents.answered(acknowledge("c1", "n1"))).toBeNull();
      expect((await outbox.ofIncident("n1")).map((row) => row.state)).toEqual(["PENDING"]);
      expect(await outbox.ofIncident("n2")).toHaveLength(1);
      expect(await alerts.unhandled(9)).toHaveLength(1);
    });

    test("one open incident of a group: a second one conflicts until the first is resolved", async () => {
      const { incidents } = await open();
      const group = { groupKey: "g" };
      const first = incident("n1", group);
      expect(await incidents.commit([change(first), change(incident("n2", group))])).toEqual([
        "done",
        "conflict",
      ]);
      expect(await incidents.commit([change(incident("n2", group))])).toEqual(["conflict"]);
      const resolved = after(first, { state: "RESOLVED" });
      expect(await incidents.commit([change(resolved), change(incident("n2", group))])).toEqual([
        "done",
        "done",
      ]);
      const reopened = after(resolved, { state: "OPEN" });
      expect(await incidents.commit([change(reopened)])).toEqual(["conflict"]);
      const elsewhere = after(resolved, { state: "OPEN", groupKey: "h" });
      expect(await incidents.commit([change(elsewhere)])).toEqual(["done"]);
      expect(await incidents.commit([change(incident("n3", { groupKey: "h" }))])).toEqual([
        "conflict",
      ]);
    });

    test("a change of the group key frees the old one", async () => {
      const { incidents } = await open();
      const first = incident("n1", { groupKey: "g" });
      await incidents.commit([change(first)]);
      const moved = change(after(first, { groupKey: "h" }));
      expect(await incidents.commit([moved, change(incident("n2", { groupKey: "g" }))])).toEqual([
        "done",
        "done",
      ]);
      expect(ids(await incidents.open(9)).sort()).toEqual(["n1", "n2"]);
    });

    test("two changes of one incident in one commit follow each other", async () => {
      const { incidents } = await open();
      const first = incident("n1");
      const second = after(first, { state: "ACKNOWLEDGED" });
      const commit = await incidents.commit([change(first), change(second), change(second)]);
      expect(commit).toEqual(["done", "done", "conflict"]);
      expect(await incidents.get("n1")).toEqual(second);
    });

    test("a command is answered from the store, once, and its id is for one command only", async () => {
      const { incidents } = await open();
      const first = incident("n1");
      await incidents.commit([change(first)]);
      const command = acknowledge("c1", "n1");
      const acked = after(first, { state: "ACKNOWLEDGED", acknowledgedBy: duty });
      const done = answered(command, acked);
      expect(await incidents.answered(command)).toBeNull();
      await incidents.commit([change(acked, { command: done })]);
      expect(await incidents.answered(command)).toEqual(done.answer);
      expect(await incidents.commit([change(after(acked), { command: done })])).toEqual([
        "conflict",
      ]);
      for (const another of [
        acknowledge("c1", "n2"),
        acknowledge("c1", "n1", { by: { userId: "u2", name: "Second Operator" } }),
        acknowledge("c1", "n1", { action: { type: "comment", text: "x" } }),
      ]) {
        await expect(incidents.answered(another)).rejects.toMatchObject({ code: "command_reused" });
      }
      const snooze = (untilMs: number) =>
        acknowledge("c2", "n1", { action: { type: "snooze", untilMs } });
      const snoozed = after(acked);
      await incidents.commit([change(snoozed, { command: answered(snooze(5), snoozed) })]);
      expect(await incidents.answered(snooze(5))).toMatchObject({ version: 3 });
      await expect(incidents.answered(snooze(6))).rejects.toMatchObject({ code: "command_reused" });
    });

    test("pages not yet sent are cancelled, but never those of the same change nor of others", async () => {
      const { incidents, outbox } = await open();
      const first = incident("n1");
      await incidents.commit([
        change(first, {
          notifications: [
            notification("p1"),
            notification("p2", { kind: "reminder" }),
            notification("p6", { kind: "recovered" }),
            notification("p3", { leaseOwner: "a", leaseUntil: 9_000 }),
          ],
        }),
        change(incident("n2"), { notifications: [notification("p4", { incidentId: "n2" })] }),
      ]);
      const fresh = notification("p5", { leaseOwner: "a", leaseUntil: 9_000 });
      await incidents.commit([
        change(after(first), { cancels: { userId: null }, notifications: [fresh] }),
      ]);
      const states = (await outbox.ofIncident("n1")).map(
        (row) => `${row.notificationId} ${row.state}`,
      );
      expect(states.sort()).toEqual([
        "p1 CANCELLED",
        "p2 CANCELLED",
        "p3 CANCELLED",
        "p5 PENDING",
        "p6 PENDING",
      ]);
      expect((await outbox.ofIncident("n1")).find((row) => row.notificationId === "p5")).toEqual(
        fresh,
      );
      expect(await outbox.ofIncident("n2")).toMatchObject([{ state: "PENDING" }]);
      expect((await outbox.lease("b", 8_000, 9_000, 9)).map((row) => row.notificationId)).toEqual([
        "p4",
        "p6",
      ]);
    });

    test("the timeline is the newest lines, oldest first, in the order of the commits", async () => {
      const { incidents } = await open();
      const first = incident("n1");
      await incidents.commit([
        change(first, {
          events: [event("v9", { kind: "opened" }), event("v1", { by: duty, text: "x" })],
        }),
      ]);
      expect(await incidents.events("n1")).toEqual([
        event("v9", { kind: "opened" }),
        event("v1", { by: duty, text: "x" }),
      ]);
      const many = Array.from({ length: LIMITS.incidentEvents }, (_, n) =>
        event(`w${n}`, { at: 2_000 }),
      );
      await incidents.commit([change(after(first), { events: many })]);
      expect(await incidents.events("n1")).toEqual(many);
      expect(await incidents.events("n2")).toEqual([]);
    });

    test("pages of incidents hold each once, newest first, filtered by state, job and scope", async () => {
      const { incidents, alerts } = await open();
      const [own, foreign, another] = await alerts.report([
        holds("e1", 10, { jobId: "j1", teamId: "ledger" }),
        holds("e2", 10, { jobId: "j2", teamId: "payments" }),
        holds("e3", 10, { jobId: "j1", teamId: "ledger" }),
      ]);
      const all = [
        withMembers("n1", own, { openedAt: 1 }),
        withMembers("n2", own, { openedAt: 2, state: "RESOLVED" }),
        withMembers("n3", foreign, { openedAt: 2, teamId: "payments" }),
        {
          ...withMembers("n4", own, { openedAt: 4 }),
          members: [own, foreign, another].flatMap(member),
        },
      ];
      await incidents.commit(all.map((one) => change(one)));
      const list = async (scope: readonly string[] | "all", filter: object = {}) =>
        ids((await incidents.list({ teamIds: scope, payload: true }, filter, 9, null)).items);
      expect(await list("all")).toEqual(["n4", "n3", "n2", "n1"]);
      expect(await list(["payments"])).toEqual(["n4", "n3"]);
      expect(await list(["ledger"])).toEqual(["n4", "n2", "n1"]);
      expect(await list([])).toEqual([]);
      expect(await list("all", { states: ["RESOLVED"] })).toEqual(["n2"]);
      expect(await list("all", { states: [] })).toEqual([]);
      expect(await list("all", { jobId: "j2" })).toEqual(["n4", "n3"]);
      const paged = async (filter: object): Promise<string[]> => {
        const found: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<Incident> = await incidents.list(everyone, filter, 1, cursor);
          found.push(...ids(page.items));
          cursor = page.nextCursor;
        } while (cursor !== null);
        return found;
      };
      expect(await paged({})).toEqual(["n4", "n3", "n2", "n1"]);
      expect(await paged({ jobId: "j1" })).toEqual(["n4", "n2", "n1"]);
      expect(await paged({ jobId: "j1", states: ["OPEN"] })).toEqual(["n4", "n1"]);
    });

    test("a job that became another team's shows that team its incident, and no more the former one", async () => {
      const { incidents, alerts } = await open();
      const [own] = await alerts.report([holds("e1", 10, { jobId: "j1", teamId: "ledger" })]);
      const first = withMembers("n1", own, { teamId: "ledger" });
      await incidents.commit([change(first)]);
      const members = first.members.map((one) => ({
        ...one,
        card: { ...one.card, teamId: "payments" },
      }));
      await incidents.commit([change(after(first, { teamId: "payments", members }))]);
      const list = async (teamId: string) =>
        ids((await incidents.list({ teamIds: [teamId], payload: true }, {}, 9, null)).items);
      expect([await list("payments"), await list("ledger")]).toEqual([["n1"], []]);
    });

    test("what the job had before is resolved, older, and newest first", async () => {
      const { incidents, alerts } = await open();
      const [own, foreign] = await alerts.report([
        holds("e1", 10),
        holds("e2", 10, { jobId: "j2" }),
      ]);
      const resolved = { state: "RESOLVED" } as const;
      await incidents.commit(
        [
          withMembers("n1", own, { openedAt: 1, ...resolved }),
          withMembers("n2", own, { openedAt: 2, ...resolved }),
          withMembers("n3", foreign, { openedAt: 3, ...resolved }),
          withMembers("n4", own, { openedAt: 4 }),
          withMembers("n5", own, { openedAt: 5, ...resolved }),
          withMembers("n6", own, { openedAt: 6, ...resolved }),
        ].map((one) => change(one)),
      );
      expect(ids(await incidents.before("j1", "n5", 9))).toEqual(["n2", "n1"]);
      expect(ids(await incidents.before("j1", "n5", 1))).toEqual(["n2"]);
      expect(await incidents.before("j9", "n5", 9)).toEqual([]);
    });
  });
}

type Reported = Parameters<typeof memberOf>[0] | undefined;

function withMembers(incidentId: string, alert: Reported, given: Partial<Incident> = {}): Incident {
  const members = member(alert);
  return incident(incidentId, { members, memberCount: members.length, ...given });
}

function member(alert: Reported): Incident["members"] {
  return alert === undefined ? [] : [memberOf(alert)];
}

function ids(incidents: readonly Incident[]): string[] {
  return incidents.map((one) => one.incidentId);
}
