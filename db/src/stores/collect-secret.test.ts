import { type ChangeRequest, LIMITS, type ProposedChange, type User } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { type ApprovalWorld, approvalWorld, codeOf, HOUR, tier } from "./test-approvals.ts";

const ADD: ProposedChange = {
  kind: "user-add",
  payload: { name: "Third Administrator", role: "administrator", teamNames: [] },
};

/** Somebody who was added by the administrator with the manager's word, and whose link nobody has fetched. */
async function added(): Promise<{
  readonly world: ApprovalWorld;
  readonly request: ChangeRequest;
  readonly newcomer: User;
  readonly collect: (at?: number) => Promise<string | null>;
}> {
  const world = await approvalWorld();
  const { admin, manager } = world.people;
  const request = await world.ask(ADD, admin);
  await world.approve(request, manager);
  const users = await world.stores.identity.users();
  const newcomer =
    users.find(({ userId }) => userId === request.subjectId) ?? expect.fail("nobody was added");
  const collect = (at = world.now + 2) =>
    codeOf(world.approvals.collect(request.requestId, "link", at + HOUR, world.by(admin), at));
  return { world, request, newcomer, collect };
}

const session = (userId: string, at: number) =>
  ({
    sessionId: `s-${userId}-${at}`,
    userId,
    createdAt: at,
    lastUsedAt: at,
    expiresAt: at + HOUR,
    label: "Browser",
    method: "code",
  }) as const;

describe("the sign-in link of a new user [EYES-12]", () => {
  it("is refused once they have a way in, whichever", async () => {
    const ways: readonly ((world: ApprovalWorld, userId: string) => Promise<unknown>)[] = [
      ({ stores, now }, userId) =>
        stores.sessions.add(session(userId, now), "r1", { at: now, method: "code" }),
      ({ stores, now }, userId) => stores.sessions.setPassword(userId, "$hash", "host", now),
      ({ stores, now }, userId) =>
        stores.sessions.linkSubject("https://id.example", "sub-1", userId, "service", now),
      ({ stores, now }, userId) => stores.identity.addSignInCode("h", userId, now + HOUR, now),
      ({ stores, now }, userId) =>
        stores.identity.addToken(
          { tokenHash: "t", userId, kind: "bearer", expiresAt: now + HOUR },
          now,
        ),
    ];
    for (const way of ways) {
      const { world, newcomer, collect } = await added();
      await way(world, newcomer.userId);
      expect(await collect()).toBe("already_in");
      expect(await world.stores.identity.useSignInCode("link", world.now + 3)).toBeNull();
    }
  });

  it("is fetched within a week of the decision", async () => {
    const { world, collect } = await added();
    expect(await collect(world.now + 1 + LIMITS.collectMs)).toBe("collect_late");
    expect(await collect(world.now + LIMITS.collectMs)).toBeNull();
  });
});

describe("who fetched somebody's link is not a second person beside them [EYES-2]", () => {
  it("in neither direction, until the host has made them a new one, which ends what was begun with the other", async () => {
    const { world, newcomer, collect } = await added();
    const { admin, manager } = world.people;
    const { stores, now } = world;
    expect(await collect()).toBeNull();
    await stores.sessions.add(session(newcomer.userId, now), "r1", { at: now, method: "code" });
    await stores.sessions.setPassword(newcomer.userId, "$hash", newcomer.userId, now);
    const asked = await world.ask(tier(1), admin);
    expect(await codeOf(world.approve(asked, newcomer))).toBe("same_hands");
    // A sign-in at the identity provider would not link an account that somebody has been in.
    await expect(world.approve(asked, newcomer)).rejects.toThrow(
      /asked for again.*\(batchwatch user link, user password or user oidc\)/,
    );
    const no = world.approvals.reject(asked.requestId, "no", world.by(newcomer), now);
    expect(await codeOf(no)).toBe("same_hands");
    const back = await world.ask(
      { kind: "source-paging", payload: { sourceId: world.sourceId, pagingMode: "PAGING" } },
      newcomer,
    );
    expect(await codeOf(world.approve(back, admin))).toBe("same_hands");
    expect((await world.approve(back, manager)).state).toBe("APPLIED");
    await stores.identity.addSignInCode("by the host", newcomer.userId, now + HOUR, now + 5);
    expect(await stores.sessions.all(now + 6)).toEqual([]);
    expect(await stores.sessions.passwordOf(newcomer.name)).toMatchObject({ hash: null });
    expect(await stores.identity.useSignInCode("link", now + 6)).toBeNull();
    expect((await world.approve(asked, newcomer)).state).toBe("APPLIED");
  });

  it("for what they asked before as well, whoever is vouched for or erased since", async () => {
    const { world, newcomer, collect } = await added();
    const { admin, manager } = world.people;
    const { stores, now } = world;
    expect(await collect()).toBeNull();
    const asked = await world.ask(tier(1), newcomer);
    expect(asked).toMatchObject({ requestedHands: admin.userId });
    const glass = await world.ask(
      { kind: "source-paging", payload: { sourceId: world.sourceId, pagingMode: "PAGING" } },
      newcomer,
      { mode: "break-glass" },
    );
    await stores.identity.addSignInCode("by the host", newcomer.userId, now + HOUR, now + 5);
    expect(await codeOf(world.approve(asked, admin))).toBe("same_hands");
    expect(await codeOf(world.approve(glass, admin))).toBe("same_hands");
    expect((await world.approve(asked, manager)).state).toBe("APPLIED");
    await stores.privacy.erase(newcomer.userId, "Former user 1", world.by(newcomer), now + 6);
    expect(await codeOf(world.approve(glass, admin))).toBe("same_hands");
    expect(await world.approvals.get(glass.requestId)).toMatchObject({ state: "REVERTED" });
  });

  it("unless an identity provider knew them before the link was used", async () => {
    const { world, newcomer, collect } = await added();
    const { stores, now } = world;
    await collect();
    const { sessions, identity } = stores;
    await sessions.linkSubject("https://id.example", "sub-1", newcomer.userId, "service", now + 3);
    expect(await identity.useSignInCode("link", now + 4)).toBeNull();
    const asked = await world.ask(tier(1), world.people.admin);
    expect((await world.approve(asked, newcomer)).state).toBe("APPLIED");
  });

  it("and fetches nobody else's", async () => {
    const { world, newcomer, collect } = await added();
    const { manager } = world.people;
    await collect();
    const payload = { name: "Fourth", role: "operations-manager", teamNames: [] } as const;
    const request = await world.ask({ kind: "user-add", payload }, newcomer);
    await world.approve(request, manager);
    const fetched = world.approvals.collect(
      request.requestId,
      "link 2",
      world.now + HOUR,
      world.by(newcomer),
      world.now + 3,
    );
    expect(await codeOf(fetched)).toBe("same_hands");
  });
});
