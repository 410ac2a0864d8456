import { randomUUID } from "node:crypto";
import { LIMITS } from "@batchwatch/engine";
import { describe, expect, it, onTestFinished } from "vitest";
import { hashSecret } from "../auth/secrets.ts";
import { type Caller, JOB, TwoPeopleWorld } from "./test-two-people.ts";

const asking = (more: { reason?: string; breakGlass?: boolean } = {}) => ({
  commandId: randomUUID(),
  reason: "it is due",
  breakGlass: false,
  ...more,
});

interface People {
  readonly world: TwoPeopleWorld;
  readonly admin: Caller;
  readonly manager: Caller;
  readonly lead: Caller;
  readonly otherLead: Caller;
}

async function people(more: { setup?: true } = {}): Promise<People> {
  const world = await TwoPeopleWorld.open();
  onTestFinished(() => world.close());
  if (more.setup === undefined) await world.stores.approvals.endSetup(world.now);
  const as = (index: number) => world.as(world.person(index), { machine: false, stale: false });
  return { world, admin: as(0), manager: as(2), lead: as(3), otherLead: as(4) };
}

const tier = { jobId: JOB, change: { tier: 1 } } as const;

describe("a change that waits", () => {
  it("answers what it always did, as it still is, with what was asked for beside it", async () => {
    const { lead, otherLead, world } = await people();
    const answer = await lead.jobs.configure({ ...tier, ...asking() });
    expect(answer).toMatchObject({
      jobId: JOB,
      name: "gl-extract",
      settings: { tier: null },
      outcome: "waiting",
      request: {
        kind: "job-configure",
        requestedBy: "First Lead",
        state: "WAITING",
        mode: "two-people",
        differences: [{ field: "tier", before: null, after: "1" }],
        may: { approve: false, reject: false, withdraw: true, revert: false, collect: false },
        whyNot: "You asked for this change: somebody else must approve it.",
        approvers: [
          "First Administrator",
          "Operations Manager",
          "Second Administrator",
          "Second Lead",
        ],
      },
    });
    const { requestId, hash } = answer.request ?? expect.fail("no request");
    const shown = await otherLead.approvals.get({ requestId });
    expect(shown.may).toMatchObject({ approve: true, reject: true, withdraw: false });
    expect(shown.whyNot).toBeNull();
    const commandId = randomUUID();
    const approved = await otherLead.approvals.approve({
      commandId,
      requestId,
      hash,
      note: "fine",
    });
    expect(approved).toMatchObject({
      state: "APPLIED",
      decidedBy: "Second Lead",
      decisionNote: "fine",
      may: { approve: false, withdraw: false, revert: true },
    });
    expect((await lead.jobs.get({ jobId: JOB })).tier).toBe(1);
    const same = await lead.jobs.configure({ ...tier, ...asking() });
    expect(same).toMatchObject({ outcome: "applied", request: null, settings: { tier: 1 } });
    expect(await otherLead.approvals.state()).toEqual({
      setupUntil: null,
      waiting: 0,
      breakGlass: 0,
    });
    await world.look();
  });

  it("says with a stable code why it is refused", async () => {
    const { lead, otherLead, admin } = await people();
    const { request } = await lead.jobs.configure({ ...tier, ...asking() });
    const { requestId, hash } = request ?? expect.fail("no request");
    const approve = (by: Caller, given: string) =>
      by.approvals.approve({ commandId: randomUUID(), requestId, hash: given });
    const refusals = [
      [approve(lead, hash), "FORBIDDEN", "own_request"],
      [approve(admin, "0".repeat(64)), "CONFLICT", "other_content"],
      [admin.jobs.configure({ ...tier, ...asking() }), "CONFLICT", "already_waiting"],
      [
        lead.jobs.retire({ jobId: JOB, ...asking({ breakGlass: true }) }),
        "FORBIDDEN",
        "may_not_ask",
      ],
      [
        admin.jobs.rename({ jobId: JOB, name: "x", ...asking({ breakGlass: true }) }),
        "BAD_REQUEST",
        "no_break_glass",
      ],
      [
        admin.retention.propose({ what: "runs", days: null, ...asking() }),
        "CONFLICT",
        "nothing_changes",
      ],
      [otherLead.approvals.revert({ requestId, ...asking() }), "CONFLICT", "not_applied"],
      [admin.approvals.collect({ requestId }), "NOT_FOUND", "not_found"],
    ] as const;
    for (const [call, code, reason] of refusals) {
      await expect(call).rejects.toMatchObject({ code, cause: { code: reason } });
    }
  });

  it("is seen by those whose jobs it concerns, and by who asked", async () => {
    const { world, lead, manager, admin } = await people();
    const { request } = await manager.jobs.assign({ jobId: JOB, teamId: "payments", ...asking() });
    const { requestId } = request ?? expect.fail("no request");
    await admin.retention.propose({ what: "runs", days: 9, ...asking() });
    expect((await lead.approvals.list({ limit: 9 })).items).toMatchObject([{ requestId }]);
    expect((await admin.approvals.list({ limit: 9 })).items).toHaveLength(2);
    const payments = { ...world.person(3), userId: "p", teamIds: ["payments"] };
    const foreign = world.as(payments, { machine: false, stale: true });
    expect((await foreign.approvals.list({ limit: 9 })).items).toEqual([]);
    await expect(foreign.approvals.get({ requestId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("keeps no card number that somebody wrote into the reason [S62]", async () => {
    const { lead } = await people();
    const reason = "card 4111 1111 1111 1111 was refused";
    const { request } = await lead.jobs.configure({ ...tier, ...asking({ reason }) });
    expect(request?.reason).not.toContain("1111 1111 1111");
    expect(request?.reason).toContain("was refused");
  });
});

it("taking a change back is a change, and says which one it took back [EYES-7]", async () => {
  const { admin, manager, lead } = await people();
  const decide = async (requestId: string) => {
    const { hash } = await manager.approvals.get({ requestId });
    await manager.approvals.approve({ commandId: randomUUID(), requestId, hash });
  };
  const { request } = await lead.jobs.configure({ ...tier, ...asking() });
  const { requestId } = request ?? expect.fail("no request");
  await decide(requestId);
  const back = await admin.approvals.revert({ requestId, ...asking() });
  expect(back).toMatchObject({
    outcome: "waiting",
    request: { differences: [{ field: "tier", before: "1", after: null }] },
  });
  await decide(back.request.requestId);
  expect((await lead.jobs.get({ jobId: JOB })).settings.tier).toBeNull();
  expect(await lead.approvals.get({ requestId })).toMatchObject({
    revertedBy: back.request.requestId,
    may: { revert: false },
  });
});

describe("a secret that is shown once [EYES-12]", () => {
  const source = {
    kind: "source-add",
    payload: {
      name: "Cards",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: "Payments",
    },
  } as const;

  it("comes with the answer while one person may decide, and not with its repeat", async () => {
    const { world, admin } = await people({ setup: true });
    const given = { change: source, ...asking() };
    const added = await admin.sources.propose(given);
    expect(added).toMatchObject({ outcome: "applied", request: { mode: "set-up" } });
    const stored = (await world.stores.sources.all()).find(({ name }) => name === "Cards");
    expect(stored?.keyHash).toBe(hashSecret(added.secret ?? ""));
    expect((await admin.sources.propose(given)).secret).toBeNull();
    const user = { name: "New Auditor", role: "auditor" } as const;
    const change = { kind: "user-add", payload: user } as const;
    const invited = await admin.users.propose({ change, ...asking() });
    expect(invited.secret).toMatch(/^http:\/\/localhost\/#code=[\w-]+$/);
    const code = invited.secret?.split("=")[1] ?? "";
    const { subjectId } = invited.request;
    const { identity } = world.stores;
    expect(await identity.useSignInCode(hashSecret(code), world.now)).toBe(subjectId);
  });

  it("is fetched by who asked when somebody else has approved", async () => {
    const { world, admin, manager } = await people();
    const asked = await manager.sources.propose({ change: source, ...asking() });
    expect(asked).toMatchObject({ outcome: "waiting", secret: null });
    const { requestId, hash } = asked.request;
    await expect(manager.approvals.collect({ requestId })).rejects.toMatchObject({
      cause: { code: "not_applied" },
    });
    await admin.approvals.approve({ commandId: randomUUID(), requestId, hash });
    expect((await manager.approvals.get({ requestId })).may.collect).toBe(true);
    expect((await admin.approvals.get({ requestId })).may.collect).toBe(false);
    await expect(admin.approvals.collect({ requestId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const { secret } = await manager.approvals.collect({ requestId });
    const stored = (await world.stores.sources.all()).find(({ name }) => name === "Cards");
    expect(stored?.keyHash).toBe(hashSecret(secret));
    await expect(manager.approvals.collect({ requestId })).rejects.toMatchObject({
      code: "CONFLICT",
      cause: { code: "already_collected" },
    });
  });
});

it("a source tells what was refused of it and what it keeps unmasked", async () => {
  const { world, admin, manager } = await people({ setup: true });
  const { sourceId } = world;
  await admin.sources.propose({
    change: { kind: "masking-exception", payload: { sourceId, field: "account", kinds: ["iban"] } },
    ...asking(),
  });
  const rejection = {
    sourceId,
    receivedAt: world.now,
    contract: "native",
    code: "missing_field",
    message: "job.name is missing",
    excerpt: '{"run":{}}',
  };
  await world.stores.sources.reject([rejection]);
  const counted = { day: "2026-11-24", kind: "iban", hidden: 3, kept: 1 } as const;
  await world.stores.sources.countMasked([{ sourceId, ...counted }]);
  expect(await manager.sources.get({ sourceId })).toMatchObject({
    name: "Core",
    zone: "UTC",
    teamId: "payments",
    rejected: [{ code: "missing_field", excerpt: '{"run":{}}' }],
    masked: [counted],
    maskingExceptions: [{ field: "account", kinds: ["iban"] }],
  });
  // Administrators configure, and see no words of jobs.
  expect((await admin.sources.get({ sourceId })).rejected).toMatchObject([{ excerpt: null }]);
  await expect(admin.sources.get({ sourceId: "none" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const paging = await manager.sources.startPaging({ sourceId, ...asking() });
  expect(paging).toMatchObject({ pagingMode: "PAGING", outcome: "applied" });
  await expect(
    manager.sources.startPaging({ sourceId: "none", ...asking() }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("people are listed by name, with their last sign-in, in pages", async () => {
  const { world, admin } = await people();
  await world.signIn(world.person(2));
  const first = await admin.users.list({ limit: 4 });
  const rest = await admin.users.list({ limit: 4, cursor: first.nextCursor });
  const all = [...first.items, ...rest.items];
  expect(all.map(({ name }) => name)).toEqual([
    "Duty Operator",
    "First Administrator",
    "First Lead",
    "Operations Manager",
    "Second Administrator",
    "Second Lead",
  ]);
  expect(rest.nextCursor).toBeNull();
  expect(all.filter(({ lastSignInAt }) => lastSignInAt !== null)).toEqual([
    expect.objectContaining({
      name: "Operations Manager",
      lastSignInAt: new Date(world.now).toISOString(),
    }),
  ]);
  const found = await admin.users.list({ limit: 9, filter: { text: " LEAD" } });
  expect(found.items.map(({ name }) => name)).toEqual(["First Lead", "Second Lead"]);
  await expect(admin.users.list({ limit: 9, cursor: "nobody" })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
});

describe("break-glass is loud [EYES-7]", () => {
  it("wakes the others who could approve, once, through the outbox [I4]", async () => {
    const { world, manager } = await people();
    const subscribe = (index: number, zone: string | null = null) =>
      world.stores.receivers.subscribe({
        userId: world.person(index).userId,
        endpoint: `https://push.example/${index}`,
        p256dh: "p",
        auth: "a",
        label: "Phone",
        isPrivate: false,
        consentWords: "1",
        createdAt: world.now,
        zone,
      });
    await subscribe(0, "Asia/Kolkata");
    await subscribe(2);
    await subscribe(5);
    await world.refreshReceivers();
    const { request } = await manager.jobs.configure({ ...tier, ...asking({ breakGlass: true }) });
    expect(await manager.approvals.state()).toMatchObject({ breakGlass: 1 });
    await world.look();
    await world.look();
    const { items } = await world.stores.outbox.list({}, 10, null);
    expect(items).toMatchObject([
      {
        kind: "break-glass",
        channel: "webpush",
        receiver: "First Administrator",
        incidentId: null,
        state: "PENDING",
        card: {
          severity: "CRITICAL",
          title: "BREAK-GLASS gl-extract",
          requestId: request?.requestId,
        },
      },
    ]);
    expect(items[0]?.card.body).toMatch(
      /^Operations Manager: job-configure \(tier\)\. Taken back \d\d:\d\d (IST|GMT\+5:30) unless somebody else approves\.$/,
    );
    const retire = await manager.jobs.retire({ jobId: JOB, ...asking() });
    expect(retire.outcome).toBe("waiting");
    await world.look();
    const kinds = (await world.stores.outbox.list({}, 10, null)).items.map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(["approval", "break-glass"]);
    world.now += LIMITS.breakGlassMs;
    await world.look();
    expect((await manager.jobs.get({ jobId: JOB })).settings.tier).toBeNull();
  });
});

it("says at the start that nobody can approve for anybody, where one person could be in all accounts that may [EYES-2]", async () => {
  const { world, admin } = await people({ setup: true });
  for (const index of [1, 2]) {
    const { userId } = world.person(index);
    const payload = { userId, role: "auditor" } as const;
    await admin.users.propose({ change: { kind: "user-change", payload }, ...asking() });
  }
  await world.start();
  const payload = { name: "Newcomer", role: "administrator" } as const;
  const added = await admin.users.propose({ change: { kind: "user-add", payload }, ...asking() });
  expect(added.secret).not.toBeNull();
  await expect(world.start()).rejects.toThrow(/could be one person.*batchwatch user link/);
  await world.vouch(added.request.subjectId);
  await world.start();
});
