import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { sessionConformance, type SessionStores, type TrailLine } from "./session-conformance.ts";
import { openTestStores, tempDir } from "./test-store.ts";

async function open(): Promise<SessionStores & { readonly path: string }> {
  const path = join(await tempDir(), "store.db");
  const { sessions, identity, receivers } = await openTestStores(path);
  return { sessions, identity, receivers, path, trail: async () => trailOf(path) };
}

/** Read from the file itself: what is in the trail is what is on disk. */
function trailOf(path: string): readonly TrailLine[] {
  const file = new Sqlite(path, { readonly: true });
  try {
    const rows = file.prepare("select * from audit_record order by seq").all() as readonly {
      readonly action: string;
      readonly subject_id: string;
      readonly actor_id: string;
      readonly detail: string;
    }[];
    return rows.map(({ action, subject_id, actor_id, detail }) => ({
      line: `${action} ${subject_id}`,
      actorId: actor_id,
      detail: JSON.parse(detail) as TrailLine["detail"],
    }));
  } finally {
    file.close();
  }
}

sessionConformance("SQLite", open);

test("the hashes that a session keeps are bounded", async () => {
  const { sessions, identity, path } = await open();
  const { userId } = await identity.addUser("Duty Operator", "on-call", [], 1);
  const session = {
    sessionId: "s1",
    userId,
    createdAt: 1,
    lastUsedAt: 1,
    expiresAt: 9_000_000,
    label: "x",
    method: "code",
  } as const;
  await sessions.add(session, "h1", { at: 1, method: "code" });
  const file = new Sqlite(path);
  const insert = file.prepare("insert into refresh_hash values (?, 's1', ?, 1)");
  const last = DB_LIMITS.refreshHashesPerSession + 20;
  for (let place = 2; place < last; place += 1) insert.run(`h${place}`, place);
  file.prepare("insert into refresh_hash values (?, 's1', ?, null)").run(`h${last}`, last);
  await sessions.rotate(`h${last}`, "next", 2);
  const { rows } = file.prepare("select count(*) rows from refresh_hash").get() as { rows: number };
  file.close();
  expect(rows).toBe(DB_LIMITS.refreshHashesPerSession);
});

test("tokens and sign-in links are audited, and none of them can be read from the trail", async () => {
  const { identity, path } = await open();
  const { userId } = await identity.addUser("Duty Operator", "on-call", [], 1);
  const tokenHash = "a".repeat(64);
  await identity.addToken({ tokenHash, userId, kind: "bearer", expiresAt: 99 }, 1);
  await identity.revokeToken(tokenHash, 2);
  await identity.revokeToken(tokenHash, 3);
  await identity.addSignInCode("b".repeat(64), userId, 99, 4);
  const trail = trailOf(path);
  expect(trail.map(({ line, actorId }) => `${actorId} ${line}`)).toEqual([
    `host token-made ${"a".repeat(12)}`,
    `host token-revoked ${"a".repeat(12)}`,
    `host host-command ${userId}`,
  ]);
  expect(JSON.stringify(trail)).not.toContain("b".repeat(64));
});

test("what is sealed is listed, sealed anew only from what stood there, and the end of it is remembered", async () => {
  const path = join(await tempDir(), "store.db");
  const { keys, receivers, identity } = await openTestStores(path);
  await receivers.secret("vapid", "old vapid");
  const webhook = { webhookId: "w1", name: "desk", url: "https://h", teamId: null, createdAt: 1 };
  await receivers.addWebhook({ ...webhook, sealedSecret: "old w1" });
  const sealed = await keys.sealed();
  expect(sealed).toEqual([
    { place: "secret", id: "vapid", sealed: "old vapid" },
    { place: "webhook", id: "w1", sealed: "old w1" },
  ]);
  expect(await keys.rotatedTo()).toBeNull();
  const version = await identity.version();
  for (const one of sealed) {
    expect(await keys.reseal(one, `new ${one.id}`)).toBe(true);
    expect(await keys.reseal(one, "lost update")).toBe(false);
  }
  await keys.rotated("k2", { resealed: 2 }, 5);
  expect(await keys.rotatedTo()).toBe("k2");
  await keys.rotated("k3", { resealed: 2 }, 6);
  expect(await keys.rotatedTo()).toBe("k3");
  expect((await keys.sealed()).map((one) => one.sealed)).toEqual(["new vapid", "new w1"]);
  expect(await identity.version()).toBeGreaterThan(version);
  expect(trailOf(path).map(({ line }) => line)).toEqual(["keys-rotated k2", "keys-rotated k3"]);
});
