import { LIMITS, type ProposedChange } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld, codeOf, tier } from "./test-approvals.ts";

const GLASS = { mode: "break-glass" } as const;
const tierNow = async ({ stores }: ApprovalWorld) => (await stores.settings.get("j1"))?.tier;

describe("break-glass", () => {
  it("changes at once, says so loudly, and is taken back after 2 h [EYES-7, EYES-10]", async () => {
    const world = await approvalWorld();
    const { manager } = world.people;
    const request = await world.ask(tier(1), manager, GLASS);
    const revertsAt = world.now + LIMITS.breakGlassMs;
    expect(request).toMatchObject({ state: "APPLIED", mode: "break-glass", decidedBy: null });
    expect(request.revertsAt).toBe(revertsAt);
    expect(await tierNow(world)).toBe(1);
    expect(await world.approvals.counts()).toEqual({ waiting: 0, breakGlass: 1, revertsAt });
    expect(await world.approvals.underBreakGlass()).toEqual([request]);
    expect(await world.approvals.sweep(revertsAt - 1)).toEqual([]);
    expect(await world.approvals.sweep(revertsAt)).toMatchObject([{ state: "REVERTED" }]);
    expect(await tierNow(world)).toBeNull();
    expect(await world.approvals.underBreakGlass()).toEqual([]);
    expect((await world.facts()).map(({ action }) => action)).toEqual([
      "setup-ended",
      "change-requested",
      "break-glass",
      "change-applied",
      "change-expired",
      "change-reverted",
      "change-reverted",
    ]);
  });

  it("stays when a second person approves it in time, and not later [EYES-7]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const request = await world.ask(tier(1), manager, GLASS);
    expect(await codeOf(world.approve(request, manager))).toBe("own_request");
    const revertsAt = request.revertsAt ?? 0;
    expect(await codeOf(world.approve(request, admin, revertsAt))).toBe("expired");
    const approved = await world.approve(request, admin, revertsAt - 1);
    expect(approved).toMatchObject({ state: "APPLIED", decidedBy: admin.userId, revertsAt: null });
    expect(await world.approvals.sweep(revertsAt + 1)).toEqual([]);
    expect(await tierNow(world)).toBe(1);
    expect((await world.facts()).filter(({ action }) => action === "change-applied")).toHaveLength(
      1,
    );
  });

  it("is taken back at once by a no, and by who asked [EYES-7]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const first = await world.ask(tier(1), manager, GLASS);
    const rejected = await world.approvals.reject(first.requestId, "no", world.by(admin), 9);
    expect(rejected).toMatchObject({ state: "REVERTED", decidedBy: admin.userId });
    expect(await tierNow(world)).toBeNull();
    const second = await world.ask(tier(2), manager, GLASS);
    await world.approvals.withdraw(second.requestId, world.by(manager), world.now + 1);
    expect(await tierNow(world)).toBeNull();
  });

  it("is taken back with whoever asked, erased or removed, so that nobody approves for them [EYES-13]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const { approvals, stores, now } = world;
    const first = await world.ask(tier(1), manager, GLASS);
    await stores.privacy.erase(manager.userId, "Former user 1", world.by(manager), now + 1);
    expect(await tierNow(world)).toBeNull();
    expect(await approvals.get(first.requestId)).toMatchObject({
      state: "REVERTED",
      revertsAt: null,
    });
    expect(await codeOf(world.approve(first, admin))).toBe("not_waiting");
    const next = await stores.identity.addUser("Next Manager", "operations-manager", [], now);
    const other = await stores.identity.addUser("Other Manager", "operations-manager", [], now);
    await world.ask(tier(2), next, GLASS);
    const remove: ProposedChange = { kind: "user-remove", payload: { userId: next.userId } };
    await world.approve(await world.ask(remove, admin), other);
    expect(await tierNow(world)).toBeNull();
    expect(await approvals.counts()).toMatchObject({ breakGlass: 0 });
    expect((await world.facts()).map(({ action }) => action).slice(-4)).toEqual([
      "change-withdrawn",
      "change-reverted",
      "change-reverted",
      "change-applied",
    ]);
  });

  it("leaves what was changed since: it takes back only what it made [EYES-7]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const both: ProposedChange = {
      kind: "job-configure",
      payload: { jobId: "j1", change: { tier: 1, firstStep: "Call operations" } },
    };
    const request = await world.ask(both, manager, GLASS);
    await world.stores.settings.configure("j1", { tier: 4 }, world.by(admin), world.now);
    await world.approvals.sweep(request.revertsAt ?? 0);
    expect(await world.stores.settings.get("j1")).toMatchObject({ tier: 4, firstStep: null });
    const fieldsOf = (await world.stores.audit.from(1))
      .filter(({ subjectKind }) => subjectKind === "job")
      .map(({ action, detail }) => [action, detail["fields"]]);
    expect(fieldsOf).toEqual([
      ["change-applied", "tier,firstStep"],
      ["change-reverted", "firstStep"],
    ]);
  });

  it("cannot be layered, so that nothing of it outlives it [EYES-9]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    await world.ask(tier(1), manager, GLASS);
    expect(await codeOf(world.ask(tier(4), manager, GLASS))).toBe("already_waiting");
    expect(await codeOf(world.ask(tier(4), admin))).toBe("already_waiting");
  });

  it("is for administrators and operations managers, with a reason [EYES-7]", async () => {
    const world = await approvalWorld();
    const { lead, manager } = world.people;
    expect(await codeOf(world.ask(tier(1), lead, GLASS))).toBe("may_not_ask");
    const silent = { ...GLASS, reason: " " };
    expect(await codeOf(world.ask(tier(1), manager, silent))).toBe("reason_missing");
    expect(await tierNow(world)).toBeNull();
  });

  it("is not offered for what cannot be taken back, nor for a second approver [EYES-8]", async () => {
    const world = await approvalWorld();
    const { admin, oncall } = world.people;
    const changes: readonly ProposedChange[] = [
      { kind: "job-rename", payload: { jobId: "j1", name: "other", namespace: "" } },
      { kind: "user-remove", payload: { userId: oncall.userId } },
      { kind: "user-add", payload: { name: "Mine", role: "administrator", teamNames: [] } },
      {
        kind: "user-change",
        payload: { userId: oncall.userId, role: "operations-manager", teamNames: [] },
      },
      { kind: "retention-set", payload: { what: "audit", days: 1 } },
    ];
    for (const change of changes) {
      expect([change.kind, await codeOf(world.ask(change, admin, GLASS))]).toEqual([
        change.kind,
        "no_break_glass",
      ]);
    }
    expect(await world.approvals.counts()).toMatchObject({ breakGlass: 0 });
  });

  it("takes a person back whom it let in, with what they got", async () => {
    const world = await approvalWorld();
    const { admin, manager } = world.people;
    const add: ProposedChange = {
      kind: "user-add",
      payload: { name: "Night Helper", role: "on-call", teamNames: ["Ledger"] },
    };
    const request = await world.ask(add, admin, GLASS);
    const { identity } = world.stores;
    await world.approvals.collect(
      request.requestId,
      "hash of a code",
      world.now + 9,
      world.by(admin),
      world.now,
    );
    expect(await identity.useSignInCode("hash of a code", world.now)).toBe(request.subjectId);
    const change: ProposedChange = {
      kind: "user-change",
      payload: { userId: request.subjectId, role: "auditor", teamNames: [] },
    };
    expect(await codeOf(world.ask(change, manager))).toBe("may_not_ask");
    expect(await codeOf(world.ask(change, admin))).toBe("already_waiting");
    await world.approvals.sweep(request.revertsAt ?? 0);
    expect((await identity.users()).map(({ name }) => name)).not.toContain("Night Helper");
  });

  it("leaves a change that it took back standing again when it is taken back itself [EYES-7]", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const { approvals, now } = world;
    const first = await world.ask(tier(1), admin);
    await world.approve(first, manager);
    const inverse = await approvals.inverse(first.requestId);
    const how = { mode: "break-glass", reason: "wrong", takesBack: first.requestId } as const;
    const { request } = await approvals.propose(inverse, world.by(manager), how, now + 2);
    expect(await tierNow(world)).toBeNull();
    expect((await approvals.get(first.requestId))?.revertedBy).toBe(request?.requestId);
    await approvals.sweep(request?.revertsAt ?? 0);
    expect(await tierNow(world)).toBe(1);
    expect((await approvals.get(first.requestId))?.revertedBy).toBeNull();
    expect(await approvals.inverse(first.requestId)).toEqual(inverse);
  });

  it("goes quietly when what it changed is gone", async () => {
    const world = await approvalWorld();
    const { manager, admin } = world.people;
    const assign: ProposedChange = {
      kind: "source-paging",
      payload: { sourceId: world.sourceId, pagingMode: "PAGING" },
    };
    const request = await world.ask(assign, manager, GLASS);
    await world.stores.receivers.setPaging(world.sourceId, "WATCHING");
    expect(await world.approvals.sweep(request.revertsAt ?? 0)).toMatchObject([
      { state: "REVERTED" },
    ]);
    expect(await codeOf(world.approve(request, admin))).toBe("not_waiting");
  });
});

describe("set-up mode [EYES-6]", () => {
  it("applies at once what one person asks for, marked so", async () => {
    const world = await approvalWorld({ setup: true });
    const request = await world.ask(tier(1), world.people.lead);
    expect(request).toMatchObject({
      state: "APPLIED",
      mode: "set-up",
      decidedBy: world.people.lead.userId,
    });
    expect(await tierNow(world)).toBe(1);
    expect((await world.ask(tier(2), world.people.manager, GLASS)).mode).toBe("set-up");
  });

  it("does not let one person decide on what is deleted [EYES-6]", async () => {
    const world = await approvalWorld({ setup: true });
    const { admin } = world.people;
    const shorter: ProposedChange = { kind: "retention-set", payload: { what: "runs", days: 9 } };
    expect(await world.ask(shorter, admin)).toMatchObject({
      state: "WAITING",
      mode: "two-people",
    });
    expect(await world.approvals.retention()).toEqual({});
  });

  it("is over with the second administrator or manager who signs in, for good", async () => {
    const world = await approvalWorld({ setup: true });
    const { admin, manager, lead, oncall } = world.people;
    for (const person of [admin, admin, lead, oncall]) await world.signIn(person);
    expect((await world.ask(tier(1), lead)).mode).toBe("set-up");
    await world.signIn(manager);
    expect(await world.approvals.setup()).toMatchObject({ approversSeen: 2, endedAt: null });
    const request = await world.ask(tier(2), lead);
    expect(request).toMatchObject({ state: "WAITING", mode: "two-people" });
    const remove: ProposedChange = { kind: "user-remove", payload: { userId: manager.userId } };
    await world.approve(await world.ask(remove, admin), manager);
    expect((await world.approvals.setup()).endedAt).toBe(world.now);
    expect(
      (await world.ask({ kind: "retention-set", payload: { what: "runs", days: 9 } }, admin)).mode,
    ).toBe("two-people");
    const ended = (await world.facts()).filter(({ action }) => action === "setup-ended");
    expect(ended).toHaveLength(1);
  });

  it("goes on while all who signed in could be one person, until the host has vouched for one of them", async () => {
    const world = await approvalWorld({ setup: true });
    const { admin } = world.people;
    const { approvals, stores, now } = world;
    const payload = { name: "Second Administrator", role: "administrator", teamNames: [] } as const;
    const request = await world.ask({ kind: "user-add", payload }, admin);
    await approvals.collect(request.requestId, "link", now + 9, world.by(admin), now);
    const users = await stores.identity.users();
    const second = users.find(({ userId }) => userId === request.subjectId) ?? admin;
    await world.signIn(admin);
    await world.signIn(second);
    expect(await approvals.setup()).toMatchObject({ approversSeen: 1 });
    expect((await world.ask(tier(1), second)).mode).toBe("set-up");
    await stores.identity.addSignInCode("by the host", second.userId, now + 9, now);
    expect(await approvals.setup()).toMatchObject({ approversSeen: 2 });
    const asked = await world.ask(tier(2), admin);
    expect(asked.mode).toBe("two-people");
    expect((await world.approve(asked, second)).state).toBe("APPLIED");
  });

  it("is over after 14 days, and does not come back with a clock that is set back", async () => {
    const world = await approvalWorld({ setup: true });
    const { storeCreatedAt } = await world.approvals.setup();
    await world.approvals.sweep(storeCreatedAt + LIMITS.setupMs - 1);
    expect((await world.approvals.setup()).endedAt).toBeNull();
    await world.approvals.sweep(storeCreatedAt + LIMITS.setupMs);
    expect((await world.ask(tier(1), world.people.admin)).state).toBe("WAITING");
    await world.approvals.endSetup(1);
    expect((await world.approvals.setup()).endedAt).toBe(storeCreatedAt + LIMITS.setupMs);
  });
});
