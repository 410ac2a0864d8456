import { open } from "node:fs/promises";
import { join } from "node:path";
import { type JournalRecord, LIMITS, MANY_PARTITIONS } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { DB_LIMITS } from "../schema/limits.ts";
import { tempDir } from "../stores/test-store.ts";
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

test("a damaged page is reported with its code, never skipped", async () => {
  const { path, writer } = await journal();
  writer.append(Array.from({ length: 500 }, () => record(0, "x".repeat(300))));
  writer.close();
  const file = await open(path, "r+");
  const pageBytes = 4_096;
  for (let page = 5; page < 30; page += 1) {
    await file.write(Buffer.alloc(pageBytes, 0xff), 0, pageBytes, page * pageBytes);
  }
  await file.close();
  const reader = openJournalReader(path);
  expect(() => reader.readAfter(0, 0, 1, 500)).toThrow(
    expect.objectContaining({ code: expect.stringContaining("SQLITE_CORRUPT") }),
  );
  reader.close();
});
