import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fact, partitionsOf, RecordReader } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { tempDir } from "../stores/test-store.ts";
import { RECORD_VERSION } from "./journal-file.ts";
import { openJournalReader } from "./journal-reader.ts";

/** Journals that each version of this program wrote of the requests in requests.json, and what they mean. */
const FOLDER = new URL("../../test/journal-versions/", import.meta.url);

interface KeptFact {
  readonly partition: number;
  readonly receivedAt: number;
  readonly contract: string;
  readonly sourceId: string;
  readonly fact: Fact;
}

async function expected(): Promise<readonly KeptFact[]> {
  return JSON.parse(await readFile(new URL("facts.json", FOLDER), "utf8")) as readonly KeptFact[];
}

/** What the shards of such a journal see, in the journal's order. */
async function read(version: number, shards: number): Promise<readonly KeptFact[]> {
  const path = join(await tempDir(), "journal.db");
  await copyFile(new URL(`version-${version}.db`, FOLDER), path);
  const journal = openJournalReader(path);
  const found = Array.from({ length: shards }, (_, shard) => {
    const hosted = new Set(partitionsOf(shard, shards));
    const records = new RecordReader();
    return journal.readAfter(0, shard, shards, 1_000).flatMap((row) => {
      const { position, receivedAt, contract, sourceId } = row;
      const sections = records.read(row.bytes, row.partition, (partition) => hosted.has(partition));
      return sections.flatMap(({ partition, facts }) =>
        facts.map((fact) => ({ position, partition, receivedAt, contract, sourceId, fact })),
      );
    });
  });
  journal.close();
  const inOrder = found.flat().toSorted((a, b) => a.position - b.position);
  return inOrder.map(({ partition, receivedAt, contract, sourceId, fact }) => {
    return { partition, receivedAt, contract, sourceId, fact };
  });
}

const byPlace = (list: readonly KeptFact[]): readonly string[] =>
  list.map((kept) => JSON.stringify(kept)).toSorted();

describe("[UNIT-10] a journal written by record version", () => {
  test.each([1, 2])("%i is read as it was meant, members in their order", async (version) => {
    expect(JSON.stringify(await read(version, 1))).toBe(JSON.stringify(await expected()));
  });

  test.each([1, 2])("%i is read by any number of shards, each fact by one", async (version) => {
    const facts = byPlace(await expected());
    for (const shards of [2, 3, 64]) expect(byPlace(await read(version, shards))).toEqual(facts);
  });

  test.each([1, 2])("%i says that it is of it", async (version) => {
    const path = join(await tempDir(), "journal.db");
    await copyFile(new URL(`version-${version}.db`, FOLDER), path);
    const connection = new Sqlite(path, { readonly: true });
    const rows = connection.prepare("select distinct record_version from journal").all();
    connection.close();
    expect(rows).toEqual([{ record_version: version }]);
    expect(version).toBeLessThanOrEqual(RECORD_VERSION);
  });
});
