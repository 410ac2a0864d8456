import { join } from "node:path";
import { LIMITS } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { openTestStores, tempDir } from "./test-store.ts";

const newSource = {
  name: "Core banking",
  contract: "native",
  environment: "UAT",
  zone: "Europe/Berlin",
  pagingMode: "WATCHING",
  teamName: "Ledger",
  keyHash: "k",
} as const;

test("a sign-in code works once, before it expires", async () => {
  const { identity } = await openTestStores();
  const user = await identity.addUser("Operator 1", "on-call", ["Payments EU"], 1);
  await identity.addSignInCode("c1", user.userId, 100, 1);
  await identity.addSignInCode("c2", user.userId, 100, 1);
  const tries = await Promise.all([
    identity.useSignInCode("c1", 50),
    identity.useSignInCode("c1", 50),
  ]);
  expect(tries).toEqual([user.userId, null]);
  expect(await identity.useSignInCode("c2", 100)).toBeNull();
  expect(await identity.useSignInCode("unknown", 1)).toBeNull();
});

test("every change of users, tokens, codes and sources moves the version, for other connections too", async () => {
  const path = join(await tempDir(), "store.db");
  const { identity, sources } = await openTestStores(path);
  const other = (await openTestStores(path)).identity;
  const user = await identity.addUser("Operator 1", "auditor", [], 1);
  const token = { tokenHash: "t", userId: user.userId, kind: "bearer", expiresAt: 1_000 } as const;
  const changes = [
    () => identity.addUser("Operator 2", "auditor", [], 1),
    () => identity.addToken(token, 1),
    () => identity.revokeToken("t", 2),
    () => identity.addSignInCode("c", user.userId, 100, 1),
    () => identity.useSignInCode("c", 2),
    () => sources.add(newSource, 1),
  ];
  for (const change of changes) {
    const before = await other.version();
    await change();
    expect(await other.version()).toBeGreaterThan(before);
  }
  const before = await other.version();
  await identity.revokeToken("t", 3);
  await sources.touch([{ sourceId: "any", lastSeenAt: 5 }]);
  expect(await other.version()).toBe(before);
});

test("a taken name is refused and leaves nothing behind", async () => {
  const { identity, sources } = await openTestStores();
  await identity.addUser("Operator 1", "team-lead", ["Ledger"], 1);
  await expect(identity.addUser(" Operator 1 ", "auditor", ["New"], 2)).rejects.toMatchObject({
    code: "name_taken",
  });
  expect(await identity.teams()).toEqual([{ teamId: "ledger", name: "Ledger" }]);
  expect(await identity.users()).toMatchObject([{ name: "Operator 1", teamIds: ["ledger"] }]);
  await sources.add(newSource, 1);
  await expect(sources.add(newSource, 2)).rejects.toMatchObject({ code: "name_taken" });
  await expect(identity.addUser("  ", "auditor", [], 1)).rejects.toMatchObject({
    code: "invalid_name",
  });
});

test("tokens are listed until they expire or are revoked; an unknown user gets none", async () => {
  const { identity } = await openTestStores();
  const { userId } = await identity.addUser("Operator 1", "auditor", [], 1);
  await identity.addToken({ tokenHash: "a", userId, kind: "bearer", expiresAt: 10 }, 1);
  await identity.addToken({ tokenHash: "b", userId, kind: "bearer", expiresAt: 99 }, 1);
  expect((await identity.tokens(5)).map((token) => token.tokenHash).sort()).toEqual(["a", "b"]);
  expect((await identity.tokens(10)).map((token) => token.tokenHash)).toEqual(["b"]);
  await identity.revokeToken("b", 11);
  expect(await identity.tokens(12)).toEqual([]);
  const stranger = { tokenHash: "c", userId: "nobody", kind: "bearer", expiresAt: 99 } as const;
  await expect(identity.addToken(stranger, 1)).rejects.toMatchObject({ code: "not_found" });
});

test("a source reads back as added; last sight only grows; the newest rejections stay", async () => {
  const { sources } = await openTestStores();
  const source = await sources.add(newSource, 7);
  const { sourceId } = source;
  await sources.touch([{ sourceId, lastSeenAt: 50 }]);
  await sources.touch([{ sourceId, lastSeenAt: 40 }]);
  expect(await sources.all()).toEqual([{ ...source, keyHash: "k", lastSeenAt: 50 }]);
  expect(source).toMatchObject({ teamId: "ledger", environment: "UAT", createdAt: 7 });
  const surplus = 3;
  const rejection = { sourceId, contract: "native", code: "bad", message: "", excerpt: "x" };
  const all = Array.from({ length: LIMITS.rejectionsPerSource + surplus }, (_, receivedAt) => ({
    ...rejection,
    receivedAt,
  }));
  await sources.reject(all);
  const kept = await sources.rejections(sourceId, LIMITS.rejectionsPerSource + surplus);
  expect(kept).toEqual(all.slice(surplus).toReversed());
});
