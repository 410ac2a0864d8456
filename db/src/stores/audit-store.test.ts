import { join } from "node:path";
import {
  type AuditFact,
  type AuditVerdict,
  chained,
  ChainCheck,
  headLine,
  readHeads,
  type Scope,
  signedHead,
  type Stores,
} from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { jobSave, openTestStores, putRun, tempDir, TEST_AUDIT_KEY, unit } from "./test-store.ts";

const KEY = TEST_AUDIT_KEY;
const ALL: Scope = { teamIds: "all", payload: true };
const DAY_MS = 86_400_000;

function fact(at: number, given: Partial<AuditFact> = {}): AuditFact {
  return {
    at,
    actorKind: "user",
    actorId: "u1",
    action: "run-viewed",
    subjectKind: "run",
    subjectId: "e1",
    teamId: "ledger",
    detail: {},
    ...given,
  };
}

interface Opened {
  readonly stores: Stores;
  readonly path: string;
  /** Everything that an attacker with the file can do: the triggers are gone. */
  raw(sql: string): void;
}

async function opened(facts: readonly AuditFact[] = []): Promise<Opened> {
  const path = join(await tempDir(), "store.db");
  const stores = await openTestStores(path);
  if (facts.length > 0) await stores.audit.append(facts);
  return {
    stores,
    path,
    raw: (sql) => {
      const file = new Sqlite(path);
      const triggers = file
        .prepare("select name from sqlite_master where type = 'trigger' and name like 'audit%'")
        .pluck()
        .all() as string[];
      for (const name of triggers) file.exec(`drop trigger ${name}`);
      file.exec(sql);
      file.close();
    },
  };
}

const ten = Array.from({ length: 10 }, (_, n) => fact(1_000 * (n + 1)));

/** As the command line verifies: page by page, against the head that was kept outside when the trail was ten records long. */
async function verified({ audit }: Stores, headAt: number | null = 10): Promise<AuditVerdict> {
  const ends = await audit.ends();
  const kept = headAt === null ? undefined : chained(KEY, null, ten).at(headAt - 1);
  const heads = readHeads(kept === undefined ? "" : headLine(signedHead(KEY, ends.storeId, kept)));
  const check = new ChainCheck({ key: KEY, ends, heads });
  for (;;) {
    const page = await audit.from(check.next);
    if (page.length === 0 || !check.take(page)) return check.end();
  }
}

describe("a trail in a real file [AUD-2, AUD-3]", () => {
  test("verifies as it was written, and is read back to the letter", async () => {
    const { stores } = await opened(ten);
    expect(await verified(stores)).toMatchObject({ intact: true, records: 10 });
    const odd = fact(99, {
      actorId: "\ud800x",
      subjectId: "",
      detail: { text: "½ \u0000 \ud83d\ude00 \udc00", n: -0, gone: null, long: "x".repeat(300) },
    });
    await stores.audit.append([odd, fact(1.5)]);
    expect(await verified(stores)).toMatchObject({ intact: true, records: 12 });
  });

  test.each([
    ["flip", "update audit_record set actor_id = 'u2' where seq = 4", 4, "Record 4 was changed"],
    ["flip a detail", `update audit_record set detail = '{"a":1}' where seq = 4`, 4, "changed"],
    ["spoil a detail", `update audit_record set detail = 'null' where seq = 4`, 4, "changed"],
    ["drop", "delete from audit_record where seq = 4", 4, "Record 4 is missing."],
    [
      "drop and close the gap",
      "delete from audit_record where seq = 4; update audit_record set seq = -seq where seq > 4; update audit_record set seq = -seq - 1 where seq < 0",
      4,
      "Record 4 was changed, or one before it was taken out.",
    ],
    [
      "reorder",
      "update audit_record set seq = -4 where seq = 4; update audit_record set seq = 4 where seq = 6; update audit_record set seq = 6 where seq = -4",
      4,
      "which now stands at 6: records were reordered",
    ],
    ["truncate", "delete from audit_record where seq > 7", 8, "Records after 7 are missing"],
    [
      "truncate, and what the store remembers too",
      "delete from audit_record where seq > 7; update store_meta set int_value = 7 where meta_key = 'audit_seq'",
      8,
      "It was put back to a backup",
    ],
    ["truncate all", "delete from audit_record", 1, "Records after 0 are missing"],
    [
      "insert",
      `update audit_record set seq = -seq where seq > 4; update audit_record set seq = -seq + 1 where seq < 0;
       insert into audit_record select 5, happened_at, actor_kind, 'u9', action, subject_kind, subject_id, team_id, detail, mac from audit_record where seq = 4`,
      5,
      "or one was put in",
    ],
  ])("%s: the record is named", async (_what, sql, at, words) => {
    const { stores, raw } = await opened(ten);
    raw(sql);
    const verdict = await verified(stores);
    expect(verdict).toMatchObject({ intact: false, brokenAt: at });
    expect(verdict.finding).toContain(words);
  });

  test("a cut-off end is noticed without any head, by what the store remembers", async () => {
    const { stores, raw } = await opened(ten);
    raw("delete from audit_record where seq > 7");
    expect(await verified(stores, null)).toMatchObject({ brokenAt: 8 });
  });

  test("a store put back to a backup and written on is told from a cut-off one", async () => {
    const { stores, raw } = await opened(ten);
    raw(
      "delete from audit_record where seq > 7; update store_meta set int_value = 7 where meta_key = 'audit_seq'",
    );
    await stores.audit.append(Array.from({ length: 6 }, (_, n) => fact(50_000 + n)));
    const verdict = await verified(stores);
    expect(verdict).toMatchObject({ intact: false, brokenAt: 10 });
    expect(verdict.finding).toContain("put back to an older state, and written on since");
  });
});

describe("the application's own connection [AUD-5]", () => {
  test.each([
    "update audit_record set actor_id = 'u2'",
    "update audit_record set mac = mac where seq = 4",
    "delete from audit_record where seq = 10",
    "delete from audit_record",
    "insert or replace into audit_record select 4, 1, actor_kind, 'u9', action, null, null, null, '{}', mac from audit_record where seq = 4",
  ])("cannot: %s", async (sql) => {
    const { stores, path } = await opened(ten);
    const file = new Sqlite(path);
    expect(() => file.exec(sql)).toThrow("audit records are never changed");
    file.close();
    expect(await verified(stores)).toMatchObject({ intact: true, records: 10 });
  });

  test("cannot take the anchor back, nor away", async () => {
    const { stores, path } = await opened(ten);
    await stores.upkeep.prune("audit", { before: 4_500, now: 9e9, limit: 100, after: null });
    const file = new Sqlite(path);
    for (const sql of [
      "delete from audit_anchor",
      "update audit_anchor set seq = 2",
      "update audit_anchor set mac = 'x'",
      "insert or replace into audit_anchor values (4, 'x', 1, 'x')",
    ]) {
      expect(() => file.exec(sql)).toThrow("audit records are never changed");
    }
    file.close();
  });
});

describe("retention of the trail [AUD-6]", () => {
  const step = { now: 9_000_000, limit: 3, after: null };

  test("removes the oldest, piece by piece, and the rest verifies and goes on", async () => {
    const { stores } = await opened(ten);
    const prune = () => stores.upkeep.prune("audit", { ...step, before: 8_500 });
    expect(await prune()).toMatchObject({ removed: 3, next: expect.any(String) });
    expect(await verified(stores)).toMatchObject({ intact: true, records: 8 });
    expect(await prune()).toMatchObject({ removed: 3 });
    expect(await prune()).toEqual({ removed: 2, next: null });
    expect(await prune()).toEqual({ removed: 0, next: null });
    const verdict = await verified(stores);
    expect(verdict).toMatchObject({ intact: true, records: 5 });
    expect(verdict.finding).toContain("Older ones, up to 8, were removed by retention");
    expect((await stores.audit.append([fact(11_000)])).seq).toBe(14);
    expect(await verified(stores)).toMatchObject({ intact: true, records: 6 });
  });

  test("is in the trail itself, with the rule it went by, or nothing of it is", async () => {
    const { stores } = await opened(ten);
    const rule = { days: 400, setBy: "approved-change" } as const;
    await stores.upkeep.prune("audit", { ...step, before: 2_500, rule });
    expect((await stores.audit.from(10)).slice(1)).toMatchObject([
      {
        seq: 11,
        at: step.now,
        actorKind: "service",
        action: "audit-pruned",
        detail: { upTo: 2, removed: 2, days: 400, setBy: "approved-change" },
      },
    ]);
  });

  test("the newest stays whatever its age", async () => {
    const { stores } = await opened(ten);
    await stores.upkeep.prune("audit", { ...step, limit: 100, before: 9e9 });
    // With the record of the removal.
    expect(await verified(stores)).toMatchObject({ intact: true, records: 2 });
    expect((await stores.audit.from(1)).map(({ seq }) => seq)).toEqual([10, 11]);
  });

  test("nothing goes that does not verify: it is what somebody wants to be rid of", async () => {
    const { stores, raw } = await opened(ten);
    raw("update audit_record set actor_id = 'u2' where seq = 2");
    await expect(stores.upkeep.prune("audit", { ...step, before: 9e9 })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("broken at record 2"),
    });
    expect(await stores.audit.from(1)).toHaveLength(10);
  });

  test("an anchor that somebody else made is found", async () => {
    const { stores, raw } = await opened(ten);
    raw(
      "insert into audit_anchor select seq, mac, 1, 'forged' from audit_record where seq = 5; delete from audit_record where seq <= 5",
    );
    expect(await verified(stores)).toMatchObject({ intact: false, brokenAt: 5 });
  });
});

describe("the list", () => {
  const facts = [
    fact(1 * DAY_MS, { actorId: "u1", teamId: "ledger", subjectId: "e1" }),
    fact(2 * DAY_MS, { actorId: "u2", teamId: "lending", subjectId: "e2" }),
    fact(5 * DAY_MS, {
      actorId: "u2",
      action: "sign-in",
      teamId: null,
      subjectKind: null,
      subjectId: null,
    }),
    fact(6 * DAY_MS, { actorId: "u3", teamId: "lending", action: "incident-command" }),
  ];
  const seqs = async (
    { audit }: Stores,
    scope: Scope,
    filter: Parameters<Stores["audit"]["list"]>[2] = {},
    reader = "u9",
  ) => (await audit.list(scope, reader, filter, 50, null)).items.map(({ seq }) => seq);
  const only = (...teamIds: string[]): Scope => ({ teamIds, payload: true });

  test("shows a team its own, what the reader did, and what was done to the reader [S61]", async () => {
    const { stores } = await opened(facts);
    expect(await seqs(stores, ALL)).toEqual([4, 3, 2, 1]);
    // Other people's sign-ins and devices, and other teams' sources, concern no team and are not a team's to read.
    expect(await seqs(stores, only("ledger"))).toEqual([1]);
    expect(await seqs(stores, only())).toEqual([]);
    expect(await seqs(stores, only("ledger"), {}, "u3")).toEqual([4, 1]);
    expect(await seqs(stores, only(), {}, "e2")).toEqual([2]);
  });

  test("filters by actor, action, subject, team and time", async () => {
    const { stores } = await opened(facts);
    expect(await seqs(stores, ALL, { actorId: "u2" })).toEqual([3, 2]);
    expect(await seqs(stores, ALL, { action: "sign-in" })).toEqual([3]);
    expect(await seqs(stores, ALL, { subjectKind: "run", subjectId: "e2" })).toEqual([2]);
    expect(await seqs(stores, ALL, { teamId: "lending" })).toEqual([4, 2]);
    expect(await seqs(stores, ALL, { from: 2 * DAY_MS, until: 6 * DAY_MS })).toEqual([3, 2]);
    expect(await seqs(stores, ALL, { from: 9 * DAY_MS })).toEqual([]);
    expect(await seqs(stores, ALL, { until: DAY_MS })).toEqual([]);
  });

  test("is paged without gap or repeat, and each record carries the mac before it", async () => {
    const { stores } = await opened(ten);
    const first = await stores.audit.list(ALL, "u9", {}, 4, null);
    const second = await stores.audit.list(ALL, "u9", {}, 4, first.nextCursor);
    const third = await stores.audit.list(ALL, "u9", {}, 4, second.nextCursor);
    const items = [...first.items, ...second.items, ...third.items];
    expect(items.map(({ seq }) => seq)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(third.nextCursor).toBeNull();
    for (const [index, one] of items.entries()) {
      expect(one.before).toBe(items[index + 1]?.mac ?? "0".repeat(64));
    }
    await stores.upkeep.prune("audit", { before: 4_500, now: 1, limit: 100, after: null });
    expect((await stores.audit.list(ALL, "u9", {}, 50, null)).items.at(-1)).toEqual(items[5]);
    await expect(stores.audit.list(ALL, "u9", {}, 4, "rubbish")).rejects.toMatchObject({
      code: "invalid_cursor",
    });
  });
});

test("what records are about is called what people call it", async () => {
  const { stores } = await opened();
  const { term } = await stores.partitions.claim([3]);
  const runs = [putRun("e1", { runKey: "2026-11-11" })];
  await stores.units.save({ term, units: [unit({ job: jobSave(), runs })], mark: null });
  const user = await stores.identity.addUser("Operator 1", "on-call", ["Ledger"], 1);
  const kinds = [
    { kind: "run", id: "e1" },
    { kind: "job", id: "j1" },
    { kind: "user", id: user.userId },
    { kind: "team", id: "ledger" },
    { kind: "job", id: "gone" },
    { kind: "session", id: "s" },
    { kind: "constructor", id: "x" },
  ];
  expect(await stores.audit.subjectNames(kinds)).toEqual([
    "GL_EXTRACT 2026-11-11",
    "GL_EXTRACT",
    "Operator 1",
    "ledger",
    null,
    null,
    null,
  ]);
  expect(await stores.audit.subjectNames([])).toEqual([]);
});

test("records of two writers in turns make one chain", async () => {
  const { stores, path } = await opened();
  const other = await openTestStores(path);
  for (let n = 0; n < 20; n += 1) {
    await (n % 3 === 0 ? stores : other).audit.append([fact(n), fact(n)]);
  }
  expect(await verified(stores, null)).toMatchObject({
    records: 40,
    intact: false,
    brokenAt: null,
  });
});

test("a store opened without the key adds nothing", async () => {
  const { path } = await opened(ten);
  const { openStores } = await import("./open-stores.ts");
  const keyless = await openStores({ path, joinSummaries: () => expect.fail("no join") });
  await expect(keyless.stores.audit.append([fact(1)])).rejects.toThrow("without the key");
  await keyless.close();
});
