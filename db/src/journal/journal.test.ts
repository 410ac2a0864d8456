import { open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type JournalDamage,
  type JournalRecord,
  LIMITS,
  MANY_PARTITIONS,
} from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { tempDir } from "../stores/test-store.ts";
import { setJournalAside } from "./set-aside.ts";
import { openJournalReader } from "./journal-reader.ts";
import { openJournalWriter, type JournalWriter } from "./journal-writer.ts";

const record = (partition: number, text = "[]"): JournalRecord => ({
  partition,
  receivedAt: 1_000 + partition,
  contract: "native",
  sourceId: "src",
  bytes: Buffer.from(text),
});

async function journal(): Promise<{ path: string; writer: JournalWriter }> {
  const path = join(await tempDir(), "journal.db");
  const writer = openJournalWriter(path);
  onTestFinished(() => {
    writer.close();
  });
  return { path, writer };
}

test("what was appended is there after reopening, byte for byte", async () => {
  const { path, writer } = await journal();
  expect(writer.append([record(0, "[1]"), record(1, "[2]")])).toBe(2);
  writer.close();
  const again = openJournalWriter(path);
  expect(again.end()).toBe(2);
  const reader = openJournalReader(path);
  const rows = reader.readAfter(0, 0, 1, 10);
  expect(rows.map((row) => [row.position, Buffer.from(row.bytes).toString()])).toEqual([
    [1, "[1]"],
    [2, "[2]"],
  ]);
  expect(rows[1]).toMatchObject({ partition: 1, receivedAt: 1_001, sourceId: "src" });
  reader.close();
  again.close();
});

test("large rows give their space back, all but a little for what comes next", async () => {
  const { path, writer } = await journal();
  const text = "x".repeat(256 * 1_024);
  for (let piece = 0; piece < 10; piece += 1) {
    writer.append(Array.from({ length: 20 }, () => record(0, text)));
  }
  const full = writer.stats().bytes;
  writer.truncate(writer.end());
  expect(full).toBeGreaterThan(200 * text.length);
  expect(writer.stats().bytes).toBeLessThan(text.length);
  expect(writer.truncatePiece(writer.end())).toBe(false);
  writer.append([record(1)]);
  writer.close();
  const { size } = await stat(path);
  expect(size).toBeLessThan(2 * DB_LIMITS.freePagesKept * 4_096);
});

test("positions are never reused, not even after everything was truncated and the file reopened", async () => {
  const { path, writer } = await journal();
  const last = writer.append([record(0), record(1), record(2)]);
  writer.truncate(last + 100);
  expect([writer.truncatedTo(), writer.end(), writer.stats().rows]).toEqual([last, last, 0]);
  writer.close();
  const again = openJournalWriter(path);
  expect([again.truncatedTo(), again.end()]).toEqual([last, last]);
  expect(again.append([record(0)])).toBe(last + 1);
  again.truncate(1);
  expect(again.truncatedTo()).toBe(last);
  again.close();
});

test("[SUP-11] a file that is bound already is bound again without a write", async () => {
  const { path, writer } = await journal();
  writer.bindStore("store-a");
  writer.append([record(0)]);
  const { walBytes } = writer.stats();
  writer.continueAfter(1);
  writer.bindStore("store-a");
  expect(writer.stats().walBytes).toBe(walBytes);
  writer.bindStore("store-b");
  expect(writer.stats().walBytes).toBeGreaterThan(walBytes);
  writer.close();
  const again = openJournalWriter(path);
  expect(again.storeId()).toBe("store-b");
  again.close();
});

test("truncation goes in pieces and gives space back", async () => {
  const { writer } = await journal();
  const rows = DB_LIMITS.truncateRows * 2 + 10;
  writer.append(Array.from({ length: rows }, () => record(0, "x".repeat(500))));
  const before = writer.stats();
  expect(before).toMatchObject({ rows, oldestReceivedAt: 1_000 });
  expect(writer.truncatePiece(rows - 5)).toBe(true);
  expect(writer.stats().rows).toBe(rows - DB_LIMITS.truncateRows);
  writer.truncate(rows - 5);
  expect(writer.stats().rows).toBe(5);
  expect(writer.stats().bytes).toBeLessThan(before.bytes);
});

test("a reader sees only committed rows of its own shard, in order, up to its limit", async () => {
  const { path, writer } = await journal();
  const reader = openJournalReader(path);
  expect(reader.end()).toBe(0);
  writer.append([0, 1, 2, 3, 4, 5, 6].map((partition) => record(partition)));
  const other = new Sqlite(path);
  other.exec("begin immediate");
  other.exec("insert into journal values (null, 1, 9, 1, 'native', 'src', x'5b5d')");
  expect(reader.end()).toBe(7);
  expect(reader.readAfter(0, 0, 3, 2).map((row) => row.partition)).toEqual([0, 3]);
  expect(reader.readAfter(4, 0, 3, 9).map((row) => row.partition)).toEqual([6]);
  expect(reader.readAfter(0, 1, 3, 9).map((row) => row.partition)).toEqual([1, 4]);
  other.exec("commit");
  expect(reader.readAfter(4, 0, 3, 9).map((row) => row.partition)).toEqual([6, 9]);
  other.close();
  reader.close();
});

test("[UNIT-8] rows of many partitions are for every shard, in order with the others", async () => {
  const { path, writer } = await journal();
  writer.append([record(1), record(MANY_PARTITIONS), record(0)]);
  const reader = openJournalReader(path);
  const shards = [0, 1].map((shard) => reader.readAfter(0, shard, 2, 9));
  expect(shards.map((rows) => rows.map((row) => row.position))).toEqual([
    [2, 3],
    [1, 2],
  ]);
  reader.close();
});

test("a read ends with the row that reaches its bytes, and goes on behind it", async () => {
  const { path, writer } = await journal();
  const third = "x".repeat(LIMITS.journalReadBytes / 3);
  writer.append(Array.from({ length: 5 }, () => record(0, third)));
  const reader = openJournalReader(path);
  expect(reader.readAfter(0, 0, 1, 9).map((row) => row.position)).toEqual([1, 2, 3, 4]);
  expect(reader.readAfter(4, 0, 1, 9).map((row) => row.position)).toEqual([5]);
  reader.close();
});

test("the journal remembers the store it belongs to", async () => {
  const { path, writer } = await journal();
  expect(writer.storeId()).toBeNull();
  writer.bindStore("store-1");
  writer.close();
  const again = openJournalWriter(path);
  expect(again.storeId()).toBe("store-1");
  again.close();
});

test("a closed journal, a newer record and a missing file say so", async () => {
  const { path, writer } = await journal();
  writer.append([record(0)]);
  const reader = openJournalReader(path);
  const other = new Sqlite(path);
  other.exec("update journal set record_version = 99");
  other.close();
  expect(() => reader.readAfter(0, 0, 1, 1)).toThrow(
    expect.objectContaining({ code: "record_version" }),
  );
  reader.close();
  writer.close();
  const closed = expect.objectContaining({ code: "closed" });
  expect(() => writer.append([record(0)])).toThrow(closed);
  expect(() => reader.end()).toThrow(closed);
  expect(() => openJournalReader(`${path}.none`)).toThrow(
    expect.objectContaining({ code: "SQLITE_CANTOPEN" }),
  );
});

async function damage(path: string, firstPage: number, endPage: number): Promise<void> {
  const file = await open(path, "r+");
  const pageBytes = 4_096;
  for (let page = firstPage; page < endPage; page += 1) {
    await file.write(Buffer.alloc(pageBytes, 0xff), 0, pageBytes, page * pageBytes);
  }
  await file.close();
}

test("a damaged page is reported with its code, never skipped", async () => {
  const { path, writer } = await journal();
  writer.append(Array.from({ length: 500 }, () => record(0, "x".repeat(300))));
  writer.close();
  await damage(path, 5, 30);
  const reader = openJournalReader(path);
  expect(() => reader.readAfter(0, 0, 1, 500)).toThrow(
    expect.objectContaining({ code: expect.stringContaining("SQLITE_CORRUPT") }),
  );
  reader.close();
});

test("a reader that may step over damage names every position it lost and gives all the others, to each shard", async () => {
  const { path, writer } = await journal();
  writer.append(Array.from({ length: 2_000 }, (_, index) => record(index % 4, "x".repeat(300))));
  writer.close();
  await damage(path, 20, 23);
  await damage(path, 60, 61);
  for (const [index, count, limit] of [
    [0, 1, 5_000],
    [0, 1, 7],
    [1, 2, 100],
  ] as const) {
    const lost = new Set<number>();
    const reader = openJournalReader(path, ({ from, to, code }: JournalDamage) => {
      expect(code).toContain("SQLITE_CORRUPT");
      for (let position = from; position <= to; position += 1) lost.add(position);
    });
    const seen: number[] = [];
    for (let position = 0; ;) {
      const rows = reader.readAfter(position, index, count, limit);
      seen.push(...rows.map((row) => row.position));
      position = rows.at(-1)?.position ?? position;
      if (rows.length < limit) break;
    }
    reader.close();
    expect(lost.size).toBeGreaterThan(20);
    expect(lost.size).toBeLessThan(100);
    const mine = Array.from({ length: 2_000 }, (_, at) => at + 1).filter(
      (position) => ((position - 1) % 4) % count === index,
    );
    expect(seen).toEqual(mine.filter((position) => !lost.has(position)));
  }
});

test("positions go on above a mark that the store already has, and never backwards", async () => {
  const { writer } = await journal();
  writer.continueAfter(700);
  expect(writer.end()).toBe(700);
  expect(writer.append([record(0)])).toBe(701);
  writer.continueAfter(5);
  expect(writer.append([record(0)])).toBe(702);
});

test("a damaged journal is kept aside under a name that says so", async () => {
  const { path, writer } = await journal();
  writer.append([record(0)]);
  writer.close();
  expect(setJournalAside(path, 1_000)).toBe(`${path}.damaged-1970-01-01T00-00-01Z`);
  expect((await readdir(dirname(path))).filter((name) => name.startsWith("journal.db"))).toEqual([
    "journal.db.damaged-1970-01-01T00-00-01Z",
  ]);
  const fresh = openJournalWriter(path);
  expect(fresh.end()).toBe(0);
  fresh.close();
});
