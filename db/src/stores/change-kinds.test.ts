import { CHANGE_KINDS, jobIdOf, type ProposedChange } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld, codeOf, tier } from "./test-approvals.ts";
import { jobSave, unit } from "./test-store.ts";

const CALENDAR = {
  calendarId: "target",
  name: "TARGET",
  zone: "UTC",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: null,
  days: [{ day: "2026-04-03", kind: "FREE", label: "" }],
} as const;

/** Of each kind one change, and what shows that it was made. */
const CASES: readonly {
  readonly change: (world: ApprovalWorld) => ProposedChange;
  readonly shown: (world: ApprovalWorld) => Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
}[] = [
  {
    change: () => ({
      kind: "job-configure",
      payload: {
        jobId: "j1",
        change: {
          monitored: false,
          businessName: "Ledger",
          clocks: { heartbeatMs: 5_000 },
          schedule: { expression: "0 2 * * *", zone: "UTC" },
        },
      },
    }),
    shown: async ({ stores }) => {
      const job = await stores.settings.get("j1");
      return [job?.monitored, job?.clocks.heartbeatMs, job?.schedule?.expression ?? null];
    },
    before: [true, null, null],
    after: [false, 5_000, "0 2 * * *"],
  },
  {
    change: () => ({ kind: "job-rename", payload: { jobId: "j1", name: "NEW", namespace: "n" } }),
    shown: async ({ stores }) => (await stores.settings.get("j1"))?.name,
    before: "GL_EXTRACT",
    after: "NEW",
  },
  {
    change: () => ({ kind: "job-retire", payload: { jobId: "j1", from: 1_000 } }),
    shown: async ({ stores }) => (await stores.settings.get("j1"))?.lifecycle,
    before: "WATCHING",
    after: "RETIRED",
  },
  {
    change: () => ({ kind: "job-assign", payload: { jobId: "j1", teamId: "payments" } }),
    shown: async ({ stores }) => (await stores.settings.get("j1"))?.ownerTeamId,
    before: null,
    after: "payments",
  },
  {
    change: () => ({ kind: "calendar-put", payload: { calendar: CALENDAR } }),
    shown: ({ stores }) => stores.calendars.get("target"),
    before: null,
    after: CALENDAR,
  },
  {
    change: () => ({
      kind: "source-add",
      payload: {
        name: "Cards",
        contract: "native",
        environment: "UAT",
        zone: "UTC",
        teamName: "Payments",
      },
    }),
    shown: async ({ stores }) => {
      const source = (await stores.sources.all()).find(({ name }) => name === "Cards");
      return source === undefined ? null : [source.pagingMode, source.teamId];
    },
    before: null,
    after: ["WATCHING", "payments"],
  },
  {
    change: ({ sourceId }) => ({
      kind: "source-paging",
      payload: { sourceId, pagingMode: "PAGING" },
    }),
    shown: async ({ stores }) => (await stores.sources.all())[0]?.pagingMode,
    before: "WATCHING",
    after: "PAGING",
  },
  {
    change: ({ sourceId }) => ({
      kind: "masking-exception",
      payload: { sourceId, field: "account", kinds: ["iban", "account"] },
    }),
    shown: async ({ approvals }) => (await approvals.maskingExceptions()).map(({ kinds }) => kinds),
    before: [],
    after: [["account", "iban"]],
  },
  {
    change: () => ({
      kind: "user-add",
      payload: { name: "New Auditor", role: "auditor", teamNames: ["Ledger"] },
    }),
    shown: async ({ stores }) =>
      (await stores.identity.users()).find(({ name }) => name === "New Auditor")?.teamIds ?? null,
    before: null,
    after: ["ledger"],
  },
  {
    change: ({ people }) => ({
      kind: "user-change",
      payload: { userId: people.oncall.userId, role: "auditor", teamNames: ["Payments", "Cards"] },
    }),
    shown: async ({ stores, people }) => {
      const users = await stores.identity.users();
      const user = users.find(({ userId }) => userId === people.oncall.userId);
      return [user?.role, user?.teamIds];
    },
    before: ["on-call", ["ledger"]],
    after: ["auditor", ["cards", "payments"]],
  },
  {
    change: ({ people }) => ({ kind: "user-remove", payload: { userId: people.oncall.userId } }),
    shown: async ({ stores, people }) =>
      (await stores.identity.users()).some(({ userId }) => userId === people.oncall.userId),
    before: true,
    after: false,
  },
  {
    change: () => ({ kind: "retention-set", payload: { what: "incidents", days: 400 } }),
    shown: ({ approvals }) => approvals.retention(),
    before: {},
    after: { incidents: 400 },
  },
];

describe("every kind of change", () => {
  it("has a case here", async () => {
    const world = await approvalWorld();
    expect(CASES.map(({ change }) => change(world).kind)).toEqual(CHANGE_KINDS);
  });

  it.each(CASES.map((one, index) => [CHANGE_KINDS[index], one] as const))(
    "%s is made by two people, noticed, and taken back where it can be [EYES-1, EYES-5]",
    async (kind, { change, shown, before, after }) => {
      const world = await approvalWorld();
      const { approvals, stores } = world;
      const versions = async () => [
        await stores.identity.version(),
        await stores.settings.version(),
      ];
      const first = await versions();
      const waiting = await world.ask(change(world), world.people.admin);
      expect(await shown(world)).toEqual(before);
      expect(await versions()).toEqual(first);
      const done = await world.approve(waiting, world.people.manager);
      expect(await shown(world)).toEqual(after);
      if (kind !== "retention-set") expect(await versions()).not.toEqual(first);
      if (!done.invertible) {
        expect(await codeOf(approvals.inverse(done.requestId))).toBe("cannot_revert");
        return;
      }
      const inverse = await approvals.inverse(done.requestId);
      const how = { mode: "two-people", reason: "back", takesBack: done.requestId } as const;
      const { request } = await approvals.propose(
        inverse,
        world.by(world.people.admin),
        how,
        world.now + 2,
      );
      await world.approve(request ?? expect.fail("no request"), world.people.manager);
      expect(await shown(world)).toEqual(before);
      expect((await approvals.get(done.requestId))?.revertedBy).toBe(request?.requestId);
      expect(await codeOf(approvals.inverse(done.requestId))).toBe("not_applied");
    },
  );
});

describe("people", () => {
  it("keep a last administrator [EYES-11]", async () => {
    const world = await approvalWorld();
    const { admin } = world.people;
    const { userId } = admin;
    const remove: ProposedChange = { kind: "user-remove", payload: { userId } };
    const demote: ProposedChange = {
      kind: "user-change",
      payload: { userId, role: "auditor", teamNames: [] },
    };
    expect(await codeOf(world.ask(remove, admin))).toBe("last_administrator");
    expect(await codeOf(world.ask(demote, admin))).toBe("last_administrator");
    const second = await world.stores.identity.addUser("Second", "administrator", [], world.now);
    const first = await world.ask(remove, second);
    const { manager } = world.people;
    const lesser: ProposedChange = {
      kind: "user-change",
      payload: { userId: second.userId, role: "auditor", teamNames: [] },
    };
    await world.approve(await world.ask(lesser, admin), manager);
    // What was right when it was asked for is not right any more.
    expect(await codeOf(world.approve(first, manager))).toBe("last_administrator");
    expect(await world.approvals.get(first.requestId)).toMatchObject({ state: "WAITING" });
  });

  it("take their waiting requests, tokens, codes and places on call with them [EYES-13]", async () => {
    const world = await approvalWorld();
    const { lead, oncall, admin, manager } = world.people;
    const { stores, approvals, now } = world;
    const waiting = await world.ask(tier(1), lead);
    await stores.receivers.setOncall("ledger", [lead.userId, oncall.userId], lead, now);
    const token = {
      tokenHash: "t",
      userId: lead.userId,
      kind: "bearer",
      expiresAt: now + 9,
    } as const;
    await stores.identity.addToken(token, now);
    await stores.identity.addSignInCode("c", lead.userId, now + 9, now);
    const remove: ProposedChange = { kind: "user-remove", payload: { userId: lead.userId } };
    await world.approve(await world.ask(remove, admin), manager);
    expect(await approvals.get(waiting.requestId)).toMatchObject({ state: "WITHDRAWN" });
    expect(await stores.identity.tokens(now)).toEqual([]);
    expect(await stores.identity.useSignInCode("c", now)).toBeNull();
    expect(await stores.receivers.oncall()).toEqual([
      { teamId: "ledger", userIds: [oncall.userId] },
    ]);
  });
});

describe("the key of a new source [EYES-12]", () => {
  const add = (name: string): ProposedChange => ({
    kind: "source-add",
    payload: { name, contract: "native", environment: "PROD", zone: "UTC", teamName: null },
  });

  it("is set once, by who asked, when it was approved", async () => {
    const world = await approvalWorld();
    const { admin, manager } = world.people;
    const { approvals, now } = world;
    const request = await world.ask(add("Cards"), manager);
    const collect = (user: typeof admin, hash: string) =>
      approvals.collect(request.requestId, hash, now + 9, world.by(user), now);
    expect(await codeOf(collect(manager, "h1"))).toBe("not_applied");
    await world.approve(request, admin);
    const keyHash = async () =>
      (await world.stores.sources.all()).find(({ name }) => name === "Cards")?.keyHash;
    expect(await keyHash()).toMatch(/^none:/);
    expect(await codeOf(collect(admin, "h2"))).toBe("not_found");
    expect(await collect(manager, "h3")).toMatchObject({ collectedAt: now });
    expect(await keyHash()).toBe("h3");
    expect(await codeOf(collect(manager, "h4"))).toBe("already_collected");
    expect(await keyHash()).toBe("h3");
    expect((await world.facts()).filter(({ action }) => action === "token-made")).toEqual([
      { action: "token-made", actorId: manager.userId, subjectKind: "source" },
    ]);
  });
});

it("a rename says which job it takes in, and is void when that changes [EYES-4]", async () => {
  const world = await approvalWorld();
  const { lead, admin } = world.people;
  const other = jobSave({ name: "OTHER" });
  const rename: ProposedChange = {
    kind: "job-rename",
    payload: { jobId: "j1", name: "OTHER", namespace: "" },
  };
  const request = await world.ask(rename, lead);
  expect(request.differences).toEqual([{ field: "name", before: "GL_EXTRACT", after: "OTHER" }]);
  const otherId = await addNamed(world, other);
  expect(await codeOf(world.approve(request, admin))).toBe("changed_meanwhile");
  await world.approvals.withdraw(request.requestId, world.by(lead), world.now);
  const again = await world.ask(rename, lead);
  expect(again).toMatchObject({ invertible: false });
  expect(again.differences[1]).toMatchObject({ field: "joined" });
  await world.approve(again, admin);
  expect(await world.stores.settings.get(otherId)).toBeNull();
});

it("a rename takes in no job that went to a team which nobody spoke for [EYES-1, EYES-4]", async () => {
  const world = await approvalWorld();
  const { lead, otherLead, admin } = world.people;
  const { identity, settings } = world.stores;
  const third = await identity.addUser("Third Lead", "team-lead", ["Ledger"], world.now);
  const otherId = await addNamed(world, jobSave({ name: "OTHER" }));
  const rename: ProposedChange = {
    kind: "job-rename",
    payload: { jobId: "j1", name: "OTHER", namespace: "" },
  };
  const request = await world.ask(rename, lead);
  expect(request).toMatchObject({ joinsTeamId: "ledger" });
  await settings.assign(otherId, "payments", world.by(admin), world.now + 1);
  // What was approved is another thing now, whoever approves it.
  expect(await codeOf(world.approve(request, otherLead))).toBe("changed_meanwhile");
  expect(await codeOf(world.approve(request, admin))).toBe("changed_meanwhile");
  expect(await settings.get(otherId)).not.toBeNull();
  await world.approvals.withdraw(request.requestId, world.by(lead), world.now + 2);
  expect(await codeOf(world.ask(rename, lead))).toBe("may_not_ask");
  const again = await world.ask(rename, admin);
  expect(again).toMatchObject({ joinsTeamId: "payments" });
  expect(await codeOf(world.approve(again, third))).toBe("may_not_decide");
  expect((await world.approve(again, otherLead)).state).toBe("APPLIED");
});

/** A job that facts brought: its id is the one that its name makes. */
async function addNamed(world: ApprovalWorld, job: ReturnType<typeof jobSave>): Promise<string> {
  const jobId = jobIdOf(job.sourceId, job.namespace, job.name);
  const { term } = await world.stores.partitions.claim([3]);
  await world.stores.units.save({ term, units: [unit({ job: { ...job, jobId } })], mark: null });
  return jobId;
}
