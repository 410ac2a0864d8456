import type {
  AuditFact,
  ChangeRequest,
  Incident,
  ProposedChange,
  Scope,
  User,
} from "@batchwatch/engine";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { testIncident } from "../notify/test-incident.ts";
import { type AuditProofs, auditProofs, NO_PROOFS } from "./audit-proofs.ts";
import { JOB, TwoPeopleWorld } from "./test-two-people.ts";

const HOUR = 3_600_000;
const EVERYONE: Scope = { teamIds: "all", payload: true };

let world: TwoPeopleWorld;
let admin: User;
let manager: User;
beforeEach(async () => {
  world = await TwoPeopleWorld.open();
  onTestFinished(() => world.close());
  [admin, , manager] = world.staff as [User, User, User];
});

const later = (): number => (world.now += 1_000);
const twoPeople = (): Promise<void> => world.stores.approvals.endSetup(later());
const paging = (pagingMode: "PAGING" | "WATCHING"): ProposedChange => ({
  kind: "source-paging",
  payload: { sourceId: world.sourceId, pagingMode },
});
const tier = (to: 1 | 2 | 3 | 4): ProposedChange => ({
  kind: "job-configure",
  payload: { jobId: JOB, change: { tier: to } },
});
const unmasked: () => ProposedChange = () => ({
  kind: "masking-exception",
  payload: { sourceId: world.sourceId, field: "customer", kinds: ["email"] },
});

async function ask(
  change: ProposedChange,
  by: User,
  mode: "two-people" | "break-glass" = "two-people",
): Promise<ChangeRequest> {
  const how = { mode, reason: "It is due.", takesBack: null };
  const { request } = await world.stores.approvals.propose(change, by, how, later());
  return request ?? expect.fail("nothing would change");
}

async function approve({ requestId, hash }: ChangeRequest, by: User): Promise<void> {
  await world.stores.approvals.approve(requestId, hash, null, by, later());
}

async function together(change: ProposedChange, asker: User, approver: User): Promise<void> {
  await approve(await ask(change, asker), approver);
}

/** As cli/open-store.ts writes it (cli/host-acts.test.ts). */
async function atTheHost(
  subjectKind: "source" | "job",
  command: string,
  ...fields: readonly string[]
): Promise<void> {
  const fact: AuditFact = {
    at: later(),
    actorKind: "host",
    actorId: "host",
    action: "host-command",
    subjectKind,
    subjectId: subjectKind === "job" ? JOB : world.sourceId,
    teamId: null,
    detail: { command, fields: fields.join(",") },
  };
  await world.stores.audit.append([fact]);
}

/** Of which nobody was told just now, or at `at`. */
function incident(untold: Incident["untold"], at = later()): Incident {
  const card = { sourceId: world.sourceId, jobId: JOB };
  const members = [{ card }] as unknown as Incident["members"];
  return testIncident({
    incidentId: "i1",
    groupKey: "g1",
    severity: "LOW",
    teamId: "ledger",
    openedAt: at,
    updatedAt: at,
    untold,
    members,
    memberCount: 1,
  });
}

function proofs(of: Incident, scope: Scope = EVERYONE): Promise<AuditProofs> {
  const { stores, staff } = world;
  const names = {
    nameOf: (userId: string) => staff.find((one) => one.userId === userId)?.name ?? null,
    subjectNames: stores.audit.subjectNames,
  };
  return auditProofs(stores, names, scope, of);
}

async function decision(of: Incident): Promise<readonly unknown[]> {
  const { mode, setBy, approvedBy } = await proofs(of);
  return [mode, setBy, approvedBy];
}

const BY_TWO = ["two-people", "First Administrator", "Operations Manager"];

describe("who approved what the reason rests on [B26]", () => {
  it("is the second person, with the request and what became of it as proof", async () => {
    await twoPeople();
    await together(paging("PAGING"), manager, admin);
    await together(paging("WATCHING"), admin, manager);
    const at = world.now;
    const seen = await proofs(incident("source-watching"));
    expect(seen).toMatchObject({
      mode: "two-people",
      setBy: "First Administrator",
      approvedBy: "Operations Manager",
      setAt: new Date(at).toISOString(),
    });
    expect(seen.audit.map(({ action, who }) => `${who} ${action}`)).toEqual([
      "Operations Manager change-applied",
      "Operations Manager change-approved",
      "First Administrator change-requested",
      "First Administrator change-applied",
    ]);
  });

  it("is not who approved another change of the same source or job", async () => {
    await twoPeople();
    await together(paging("PAGING"), admin, manager);
    await together(paging("WATCHING"), admin, manager);
    await together(unmasked(), manager, admin);
    const seen = await proofs(incident("source-watching"));
    expect([seen.mode, seen.setBy, seen.approvedBy]).toEqual(BY_TWO);
    expect(seen.audit.map(({ detail }) => detail["kind"])).not.toContain("masking-exception");

    await together(tier(4), admin, manager);
    const clocks = { clocks: { heartbeatMs: 60_000 } };
    const other: ProposedChange = {
      kind: "job-configure",
      payload: { jobId: JOB, change: clocks },
    };
    await together(other, manager, admin);
    expect(await decision(incident("low-tier"))).toEqual(BY_TWO);
  });

  it("is found however much was done to it since", async () => {
    await twoPeople();
    await together(tier(4), admin, manager);
    for (let count = 0; count < 210; count += 1) await atTheHost("job", "job configure", "cadence");
    const seen = await proofs(incident("low-tier"));
    expect([seen.mode, seen.setBy, seen.approvedBy]).toEqual(BY_TWO);
    expect(seen.audit.map(({ action }) => action)).toContain("change-applied");
  });

  it("is nobody after a later command on the host, and stays after one that left it alone", async () => {
    await twoPeople();
    await together(tier(4), admin, manager);
    await atTheHost("job", "job configure", "runbookUrl");
    await atTheHost("job", "job configure");
    expect(await decision(incident("low-tier"))).toEqual(BY_TWO);
    await atTheHost("job", "job configure", "tier", "runbookUrl");
    const host = ["host", "Command line on the host", null];
    expect(await decision(incident("low-tier"))).toEqual(host);

    await together(paging("PAGING"), admin, manager);
    await atTheHost("source", "source start-paging");
    expect(await decision(incident("source-watching"))).toEqual(BY_TWO);
    await atTheHost("source", "source stop-paging", "pagingMode");
    expect(await decision(incident("source-watching"))).toEqual(host);
  });

  it("is nobody in set-up, and it is said who did it", async () => {
    await ask(tier(4), manager);
    const expected = ["set-up", "Operations Manager", null];
    expect(await decision(incident("low-tier"))).toEqual(expected);
  });

  it("is nobody under break-glass, until somebody approves it", async () => {
    await twoPeople();
    const request = await ask(tier(4), manager, "break-glass");
    const alone = ["break-glass", "Operations Manager", null];
    expect(await decision(incident("low-tier"))).toEqual(alone);
    await approve(request, admin);
    const approved = ["break-glass", "Operations Manager", "First Administrator"];
    expect(await decision(incident("low-tier"))).toEqual(approved);
  });

  it("is nobody once what stood under break-glass is taken back, by time or by a no", async () => {
    await twoPeople();
    await together(tier(4), admin, manager);
    await ask(tier(1), manager, "break-glass");
    world.now += 2 * HOUR;
    await world.stores.approvals.sweep(world.now);
    expect(await decision(incident("low-tier"))).toEqual(["taken-back", "Batchwatch", null]);
    const again = await ask(tier(2), manager, "break-glass");
    await world.stores.approvals.reject(again.requestId, "no", admin, later());
    const byNo = ["taken-back", "First Administrator", null];
    expect(await decision(incident("low-tier"))).toEqual(byNo);
  });

  it("is not changed by taking back what somebody had changed since", async () => {
    await twoPeople();
    const both: ProposedChange = {
      kind: "job-configure",
      payload: { jobId: JOB, change: { tier: 1, firstStep: "Call operations" } },
    };
    await ask(both, manager, "break-glass");
    await world.stores.settings.configure(
      JOB,
      { tier: 4 },
      { userId: "command-line", name: "host" },
      later(),
    );
    await atTheHost("job", "job configure", "tier");
    world.now += 2 * HOUR;
    await world.stores.approvals.sweep(world.now);
    expect((await world.stores.settings.get(JOB))?.firstStep).toBeNull();
    expect((await decision(incident("low-tier")))[0]).toBe("host");
  });

  it("is not who changed it after nobody was told, which an open incident's timeline says", async () => {
    await twoPeople();
    await together(tier(4), admin, manager);
    const opened = incident("low-tier");
    await together(tier(1), manager, admin);
    expect(await decision(opened)).toEqual(BY_TWO);
    // It was judged again since.
    const event = { eventId: "e1", incidentId: "i1", at: later(), by: null };
    await world.stores.incidents.commit([
      {
        incident: { ...opened, members: [], memberCount: 0 },
        expectedVersion: 0,
        alerts: [],
        notifications: [],
        cancels: null,
        events: [{ ...event, kind: "nobody-told", text: "low-tier" }],
        command: null,
      },
    ]);
    const second = ["two-people", "Operations Manager", "First Administrator"];
    expect(await decision(opened)).toEqual(second);
  });

  it("of a source that is not production is who added it, whoever stopped its paging", async () => {
    await atTheHost("source", "source add");
    await twoPeople();
    await together(paging("PAGING"), admin, manager);
    expect((await decision(incident("not-production")))[0]).toBe("host");
    expect((await decision(incident("source-watching")))[0]).toBe("two-people");
  });

  it("is nobody where the reason rests on no setting, or on one that nobody set", async () => {
    await twoPeople();
    await together(paging("PAGING"), admin, manager);
    expect(await proofs(incident("nobody-to-tell"))).toEqual(NO_PROOFS);
    expect(await proofs(incident("low-tier"))).toEqual(NO_PROOFS);
  });

  it("is told to those whose incident it is", async () => {
    await twoPeople();
    await together(tier(4), admin, manager);
    const given = incident("low-tier");
    expect(await proofs(given, { teamIds: ["ledger"], payload: true })).toEqual(
      await proofs(given),
    );
    expect(await proofs(given, { teamIds: ["payments"], payload: true })).toEqual(NO_PROOFS);
  });
});
