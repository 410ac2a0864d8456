import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  type AuditFact,
  joinStoredSummaries,
  readHeads,
  signedHead,
  type Stores,
} from "@batchwatch/engine";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { HEAD_FILE, HeadFile } from "./head-file.ts";
import { HeadKeeper } from "./head-keeper.ts";
import { verifyTrail } from "./verify-trail.ts";

const key = Buffer.alloc(32, 3);
let dir: string;
let stores: Stores;
let said: { readonly level: string; readonly words: string; readonly fields: object }[];
const logger = {
  info: (fields: object, words: string) => said.push({ level: "info", words, fields }),
  warn: (fields: object, words: string) => said.push({ level: "warn", words, fields }),
  error: (fields: object, words: string) => said.push({ level: "error", words, fields }),
  fatal: () => expect.fail("not fatal"),
} as never;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "batchwatch-heads-"));
  const path = join(dir, "store.db");
  const opened = await openStores({ path, auditKey: key, joinSummaries: joinStoredSummaries });
  stores = opened.stores;
  said = [];
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
});

const fact = (at: number): AuditFact => ({
  at,
  actorKind: "user",
  actorId: "u1",
  action: "run-viewed",
  subjectKind: null,
  subjectId: null,
  teamId: null,
  detail: {},
});
const path = () => join(dir, HEAD_FILE);
const kept = async () =>
  readHeads(await readFile(path(), "utf8")).map(({ head }) => head?.seq ?? null);
const keeperOf = (now: () => number = Date.now) =>
  new HeadKeeper({ audit: stores.audit, file: new HeadFile(dir), key, logger, now });
const verified = async (mostMs: number | null = null, now: () => number = Date.now) =>
  verifyTrail({ audit: stores.audit, key, heads: () => new HeadFile(dir).read(), mostMs, now });

describe("the head beside the store [AUD-4]", () => {
  test("is there from the start, follows each append, and is written once for each", async () => {
    const keeper = keeperOf();
    await keeper.start();
    onTestFinished(() => keeper.stop());
    expect(await kept()).toEqual([0]);
    await stores.audit.append([fact(1), fact(2)]);
    await Promise.all([keeper.look(), keeper.look(), keeper.look()]);
    expect(await kept()).toEqual([0, 2]);
    expect(keeper.kept).toMatchObject({ seq: 2 });
    expect(await verified()).toMatchObject({ intact: true, records: 2 });
  });

  test("is said in the log when the server stops, sealed, so that a log collector has it", async () => {
    const keeper = keeperOf();
    await keeper.start();
    await stores.audit.append([fact(1)]);
    await keeper.stop();
    expect(said).toMatchObject([
      { level: "info", fields: { seq: 1, mac: expect.any(String), seal: expect.any(String) } },
    ]);
    expect(await kept()).toEqual([0, 1]);
  });

  test("a trail that became shorter, and a file that was taken away, are said at the start", async () => {
    await stores.audit.append([fact(1)]);
    const first = keeperOf();
    await first.start();
    await first.stop();
    expect(said[0]).toMatchObject({ level: "warn", words: expect.stringContaining("missing") });
    said = [];
    const [line = ""] = (await readFile(path(), "utf8")).split("\n");
    await writeFile(path(), `${line}\n${line.replace('"seq":1', '"seq":9')}\n`);
    const second = keeperOf();
    await second.start();
    await second.stop();
    expect(said[0]).toMatchObject({ level: "error", fields: { from: 1, to: 9 } });
  });

  test.each([
    ["taken away", () => rm(path())],
    [
      "cut down to its first line",
      async () => writeFile(path(), `${(await readFile(path(), "utf8")).split("\n")[0]}\n`),
    ],
  ] as const)(
    "a file that is %s while the server runs is said in log and health, and by itself from then on [AUD-3]",
    async (_how, take) => {
      const keeper = keeperOf();
      await keeper.start();
      await stores.audit.append([fact(1)]);
      await keeper.look();
      await stores.audit.append([fact(2)]);
      await keeper.look();
      expect(keeper.trouble).toBeNull();
      await take();
      await keeper.look();
      const words = expect.stringContaining("file of audit heads");
      expect(said).toMatchObject([{ level: "error", words }]);
      expect(keeper.trouble).toContain("--heads FILE");
      await stores.audit.append([fact(3)]);
      await keeper.stop();
      const finding = expect.stringContaining("begun anew at record 2");
      expect(await verified()).toMatchObject({ intact: false, brokenAt: null, finding });
    },
  );

  test("what another process adds is no trouble", async () => {
    const keeper = keeperOf();
    await keeper.start();
    const head = (await stores.audit.append([fact(1)])) ?? expect.fail("no head");
    const { storeId } = await stores.audit.ends();
    await new HeadFile(dir).add(signedHead(key, storeId, head), 1);
    await keeper.look();
    await keeper.stop();
    expect(keeper.trouble).toBeNull();
    expect(await verified()).toMatchObject({ intact: true });
  });

  test("a last line that was never written whole is mended, and no line after it is lost", async () => {
    await stores.audit.append([fact(1)]);
    const first = keeperOf();
    await first.start();
    await first.stop();
    await appendFile(path(), '{"storeId":"s","se');
    await stores.audit.append([fact(2)]);
    const second = keeperOf();
    await second.start();
    await second.stop();
    expect(await kept()).toEqual([1, 2]);
    // Its first line says that the file was begun anew, which is so; else it is intact.
    expect((await verified()).finding).toContain("begun anew at record 1");
  });

  test("the file is thinned out, and verifies still", async () => {
    let time = 1_000_000_000;
    const file = new HeadFile(dir);
    const keeper = new HeadKeeper({ audit: stores.audit, file, key, logger, now: () => time });
    const rounds = API_LIMITS.headLinesAdded + 5;
    for (let n = 0; n < rounds; n += 1) {
      await stores.audit.append([fact(time)]);
      await keeper.look();
      time += 120_000;
    }
    expect((await kept()).length).toBeLessThan(rounds / 2);
    expect(await verified()).toMatchObject({ intact: true, records: rounds });
  });
});

test("a verification that runs out of time says how far it came", async () => {
  const keeper = keeperOf();
  await keeper.start();
  onTestFinished(() => keeper.stop());
  await stores.audit.append(Array.from({ length: 1_500 }, (_, n) => fact(n)));
  await keeper.look();
  let time = 0;
  const verdict = await verified(5, () => (time += 10));
  expect(verdict).toMatchObject({ intact: true, complete: false, records: 1_000 });
  expect(await verified()).toMatchObject({ complete: true, records: 1_500 });
});

test("retention that removes what is just being read is no break", async () => {
  const keeper = keeperOf();
  await keeper.start();
  onTestFinished(() => keeper.stop());
  await stores.audit.append(Array.from({ length: 1_500 }, (_, n) => fact(n)));
  await keeper.look();
  let reads = 0;
  const { audit } = stores;
  const verdict = await verifyTrail({
    audit: {
      ends: () => audit.ends(),
      from: async (seq) => {
        reads += 1;
        if (reads === 2) {
          const step = { before: 1_200, now: 1, limit: 1_300, after: null };
          await stores.upkeep.prune("audit", step);
        }
        return audit.from(seq);
      },
    },
    key,
    heads: () => new HeadFile(dir).read(),
    mostMs: null,
    now: Date.now,
  });
  expect(verdict).toMatchObject({ intact: true, records: 301 });
});
