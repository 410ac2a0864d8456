import { LIMITS, type ProposedChange, requestHash } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld, codeOf, HOUR, tier } from "./test-approvals.ts";
import { openTestStores } from "./test-store.ts";

const tierNow = async ({ stores }: ApprovalWorld) => (await stores.settings.get("j1"))?.tier;

describe("a change waits for a second person", () => {
  it("is kept with what stood before and its hash, and changes nothing [EYES-3, EYES-5]", async () => {
    const world = await approvalWorld();
    const request = await world.ask(tier(1), world.people.lead);
    expect(request).toMatchObject({
      kind: "job-configure",
      subjectKind: "job",
      subjectId: "j1",
      subjectName: "GL_EXTRACT",
      teamId: "ledger",
      differences: [{ field: "tier", before: null, after: "1" }],
      hash: requestHash(tier(1), { fields: { tier: null }, context: { team: "ledger" } }),
      requestedBy: world.people.lead.userId,
      expiresAt: world.now + LIMITS.changeRequestMs,
      state: "WAITING",
      mode: "two-people",
      decidedBy: null,
      revertsAt: null,
      invertible: true,
    });
    expect(await tierNow(world)).toBeNull();
    expect(await world.approvals.counts()).toEqual({
      waiting: 1,
      breakGlass: 0,
      revertsAt: null,
    });
    expect(await world.approvals.get(request.requestId)).toEqual(request);
  });

  it("is carried out in the asker's name when another approves, once [EYES-2, EYES-5]", async () => {
    const world = await approvalWorld();
    const { lead, otherLead, admin } = world.people;
    const request = await world.ask(tier(1), lead);
    expect(await codeOf(world.approve(request, lead))).toBe("own_request");
    const approved = await world.approve(request, otherLead);
    expect(approved).toMatchObject({ state: "APPLIED", decidedBy: otherLead.userId });
    expect(await tierNow(world)).toBe(1);
    expect(await world.stores.settings.changes("j1", 5)).toMatchObject([
      { field: "tier", userId: lead.userId, userName: lead.name },
    ]);
    expect(await codeOf(world.approve(request, admin))).toBe("not_waiting");
    expect(await codeOf(world.approvals.withdraw(request.requestId, world.by(lead), 1))).toBe(
      "not_waiting",
    );
    expect((await world.facts()).map(({ action }) => action)).toEqual([
      "setup-ended",
      "change-requested",
      "change-approved",
      "change-applied",
    ]);
  });

  it.each(["oncall", "lead"] as const)("is not decided by %s [EYES-1]", async (name) => {
    const world = await approvalWorld();
    const person = world.people[name];
    const assign: ProposedChange = {
      kind: "job-assign",
      payload: { jobId: "j1", teamId: "payments" },
    };
    const request = await world.ask(assign, world.people.manager);
    expect(await codeOf(world.approve(request, person))).toBe("may_not_decide");
    const reject = world.approvals.reject(request.requestId, "no", world.by(person), world.now);
    expect(await codeOf(reject)).toBe("may_not_decide");
    expect(await codeOf(world.ask(assign, person))).toBe("may_not_ask");
    const stranger = { ...person, userId: "nobody" };
    expect(await codeOf(world.approve(request, stranger))).toBe("may_not_decide");
    expect(await codeOf(world.ask(assign, stranger))).toBe("may_not_ask");
  });

  it("goes by the role that the store has, not by the one a session began with [EYES-2]", async () => {
    const world = await approvalWorld();
    const { manager, admin, oncall } = world.people;
    const request = await world.ask(tier(2), admin);
    const demote: ProposedChange = {
      kind: "user-change",
      payload: { userId: manager.userId, role: "auditor", teamNames: [] },
    };
    // A manager approves what makes them an auditor; then they approve nothing.
    await world.approve(await world.ask(demote, admin), manager);
    expect(await codeOf(world.approve(request, manager))).toBe("may_not_decide");
    const promote: ProposedChange = {
      kind: "user-change",
      payload: { userId: oncall.userId, role: "administrator", teamNames: [] },
    };
    expect(await codeOf(world.ask(promote, manager))).toBe("may_not_ask");
  });

  it("is not approved unread, changed or late [EYES-3, EYES-4, EYES-5]", async () => {
    const world = await approvalWorld();
    const { lead, admin } = world.people;
    const request = await world.ask(tier(1), lead);
    const other = { ...request, hash: "0".repeat(64) };
    expect(await codeOf(world.approve(other, admin))).toBe("other_content");
    const late = request.expiresAt;
    expect(await codeOf(world.approve(request, admin, late))).toBe("expired");
    await world.stores.settings.configure("j1", { firstStep: "x" }, world.by(admin), world.now);
    await world.stores.settings.configure("j1", { tier: 3 }, world.by(admin), world.now);
    expect(await codeOf(world.approve(request, admin))).toBe("changed_meanwhile");
    expect(await tierNow(world)).toBe(3);
    await world.stores.settings.configure("j1", { tier: null }, world.by(admin), world.now);
    await world.approve(request, admin, late - 1);
    expect(await tierNow(world)).toBe(1);
  });

  it("is void when the job went to another team [EYES-4]", async () => {
    const world = await approvalWorld();
    const { lead, otherLead, admin } = world.people;
    const request = await world.ask(tier(1), lead);
    await world.stores.settings.assign("j1", "payments", world.by(admin), world.now);
    expect(await codeOf(world.approve(request, otherLead))).toBe("changed_meanwhile");
  });

  it("ends by rejection, withdrawal and time [EYES-5]", async () => {
    const world = await approvalWorld();
    const { lead, otherLead, admin } = world.people;
    const { approvals } = world;
    const first = await world.ask(tier(1), lead);
    const rejected = await approvals.reject(first.requestId, "too soon", world.by(admin), 5);
    expect(rejected).toMatchObject({ state: "REJECTED", decisionNote: "too soon" });
    const second = await world.ask(tier(1), lead);
    expect(await codeOf(approvals.withdraw(second.requestId, world.by(otherLead), world.now))).toBe(
      "may_not_decide",
    );
    expect(await codeOf(approvals.reject(second.requestId, "x", world.by(lead), world.now))).toBe(
      "own_request",
    );
    await approvals.withdraw(second.requestId, world.by(lead), world.now);
    const third = await world.ask(tier(1), lead);
    expect(await approvals.sweep(third.expiresAt - 1)).toEqual([]);
    expect(await approvals.sweep(third.expiresAt)).toMatchObject([{ state: "EXPIRED" }]);
    expect(await approvals.sweep(third.expiresAt)).toEqual([]);
    expect(await tierNow(world)).toBeNull();
    const { items } = await approvals.list({ teamIds: "all", payload: true }, {}, 10, null);
    expect(items.map(({ state }) => state)).toEqual(["EXPIRED", "WITHDRAWN", "REJECTED"]);
  });

  it("is one at a time for one subject, and so many for one person [EYES-9]", async () => {
    const world = await approvalWorld();
    const { lead, admin, manager } = world.people;
    await world.ask(tier(1), lead);
    expect(await codeOf(world.ask(tier(2), admin))).toBe("already_waiting");
    const add: ProposedChange = {
      kind: "user-add",
      payload: { name: "New Operator", role: "on-call", teamNames: [] },
    };
    await world.ask(add, admin);
    expect(await codeOf(world.ask(add, admin))).toBe("already_waiting");
    for (let index = 1; index < LIMITS.requestsPerPerson; index += 1) {
      await world.ask({ ...add, payload: { ...add.payload, name: `Operator ${index}` } }, admin);
    }
    const more = { ...add, payload: { ...add.payload, name: "One more" } };
    expect(await codeOf(world.ask(more, admin))).toBe("too_many");
    expect(await codeOf(world.ask(tier(2), manager))).toBe("already_waiting");
  });

  it("is asked for and decided once by one command [EYES-14]", async () => {
    const world = await approvalWorld();
    const { lead, admin } = world.people;
    const how = { mode: "two-people", reason: "", takesBack: null } as const;
    const propose = (to: 1 | 2) =>
      world.approvals.propose(tier(to), world.by(lead, "c1"), how, world.now);
    const first = await propose(1);
    expect(await propose(1)).toEqual(first);
    const { requestId, hash } = first.request ?? expect.fail("no request");
    const approve = () =>
      world.approvals.approve(requestId, hash, null, world.by(admin, "c2"), world.now);
    expect(await approve()).toEqual(await approve());
    expect(await codeOf(world.approvals.withdraw(requestId, world.by(admin, "c2"), 1))).toBe(
      "command_reused",
    );
    const same = await world.approvals.propose(tier(1), world.by(lead, "c3"), how, world.now);
    expect(same).toMatchObject({ request: null, settings: { tier: 1 } });
  });

  it("is another command when anything in it is another [EYES-14]", async () => {
    const world = await approvalWorld();
    const { admin } = world.people;
    const how = { mode: "two-people", reason: "", takesBack: null } as const;
    const propose = (
      change: ProposedChange,
      more: Partial<Parameters<typeof world.approvals.propose>[2]> = {},
    ) => world.approvals.propose(change, world.by(admin, "c1"), { ...how, ...more }, world.now);
    const first = await propose(tier(1));
    const asked = await propose(tier(1), { reason: "said again in other words" });
    expect(asked).toEqual(first);
    const retire = { kind: "job-retire", payload: { jobId: "j1", from: HOUR } } as const;
    for (const call of [
      propose(tier(2)),
      propose(retire),
      propose(tier(1), { mode: "break-glass", reason: "now" }),
      propose(tier(1), { takesBack: first.request?.requestId ?? "" }),
    ]) {
      expect(await codeOf(call)).toBe("command_reused");
    }
    expect(await tierNow(world)).toBeNull();
    // A time that was filled in is none that somebody asked for.
    const filled = (from: number) =>
      world.approvals.propose(
        { ...retire, payload: { jobId: "j1", from } },
        world.by(admin, "c2"),
        { ...how, asked: "now" },
        world.now,
      );
    expect(await filled(HOUR + 1)).toEqual(await filled(HOUR));
  });

  it("leaves the request waiting when the change cannot be made [EYES-5]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const add: ProposedChange = {
      kind: "source-add",
      payload: {
        name: "Cards",
        contract: "native",
        environment: "PROD",
        zone: "UTC",
        teamName: null,
      },
    };
    const request = await world.ask(add, manager);
    const source = { ...add.payload, pagingMode: "PAGING", keyHash: "k2" } as const;
    await world.stores.sources.add(source, world.now);
    expect(await codeOf(world.approve(request, admin))).toBe("name_taken");
    expect(await world.approvals.get(request.requestId)).toMatchObject({ state: "WAITING" });
    expect((await world.facts()).map(({ action }) => action)).not.toContain("change-approved");
  });
});

describe("of two decisions at the same time one wins [EYES-5]", () => {
  it.each([
    ["two approvers", "approve", "approve"],
    ["approval and withdrawal", "approve", "withdraw"],
    ["rejection and approval", "reject", "approve"],
    ["approval and the end of its time", "approve", "sweep"],
  ] as const)("%s", async (_name, one, two) => {
    const world = await approvalWorld();
    const other = await openTestStores(world.path);
    const { lead, otherLead, admin } = world.people;
    const request = await world.ask(tier(1), lead);
    const { requestId, hash, expiresAt } = request;
    const act = {
      approve: (index: number) =>
        [world.approvals, other.approvals][index]?.approve(
          requestId,
          hash,
          null,
          world.by(index === 0 ? admin : otherLead),
          expiresAt - 1,
        ),
      reject: () => other.approvals.reject(requestId, "no", world.by(admin), world.now),
      withdraw: () => other.approvals.withdraw(requestId, world.by(lead), world.now),
      sweep: () => other.approvals.sweep(expiresAt),
    };
    await Promise.allSettled([act[one](0), act[two](1)]);
    const after = await world.approvals.get(requestId);
    expect(after?.state).not.toBe("WAITING");
    expect(await tierNow(world)).toBe(after?.state === "APPLIED" ? 1 : null);
    const facts = (await world.facts()).map(({ action }) => action);
    const ends = ["change-approved", "change-rejected", "change-withdrawn", "change-expired"];
    expect(facts.filter((action) => ends.includes(action))).toHaveLength(1);
    expect(facts.filter((action) => action === "change-applied")).toHaveLength(
      after?.state === "APPLIED" ? 1 : 0,
    );
  });
});

it("lists a team its own, in pages, and nobody else's", async () => {
  const world = await approvalWorld();
  const { admin, lead } = world.people;
  await world.ask(tier(1), lead, { at: world.now });
  await world.ask({ kind: "job-retire", payload: { jobId: "j1", from: HOUR } }, lead, {
    at: world.now + 1,
  });
  await world.ask({ kind: "retention-set", payload: { what: "runs", days: 30 } }, admin);
  const { approvals } = world;
  const all = { teamIds: "all", payload: true } as const;
  const first = await approvals.list(all, {}, 2, null);
  const rest = await approvals.list(all, {}, 2, first.nextCursor);
  expect([...first.items, ...rest.items].map(({ kind }) => kind)).toEqual([
    "job-retire",
    "retention-set",
    "job-configure",
  ]);
  expect(rest.nextCursor).toBeNull();
  const of = async (...teamIds: string[]) =>
    (await approvals.list({ teamIds, payload: true }, {}, 9, null)).items.length;
  expect([await of("ledger"), await of("payments"), await of()]).toEqual([2, 0, 0]);
  const applied = await approvals.list(all, { states: ["APPLIED"] }, 9, null);
  expect(applied.items).toEqual([]);
});
