import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import type { Database } from "../schema/database.ts";
import { tempDir } from "../stores/test-store.ts";
import { commitLater } from "./commit-later.ts";
import { openSqlite } from "./sqlite.ts";

const NORMAL = 1;
const FULL = 2;

async function syncedAs(db: Kysely<Database>): Promise<number | undefined> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
  return rows[0]?.synchronous;
}

test("only the commit of this transaction does not wait for the disk, whatever becomes of it", async () => {
  const path = join(await tempDir(), "later.db");
  const db = openSqlite(path);
  onTestFinished(() => db.destroy());
  await sql`create table kept (text text)`.execute(db);
  const during = commitLater(db, async (tx) => {
    await sql`insert into kept (text) values ('a')`.execute(tx);
    return syncedAs(tx);
  });
  // Waits for its turn, and is synced.
  const beside = db.transaction().execute((tx) => syncedAs(tx));
  expect(await Promise.all([during, beside])).toEqual([NORMAL, FULL]);
  const failing = commitLater(db, async (tx) => {
    await sql`insert into kept (text) values ('b')`.execute(tx);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await syncedAs(db)).toBe(FULL);
  const other = openSqlite(path, { readonly: true });
  onTestFinished(() => other.destroy());
  expect((await sql`select text from kept`.execute(other)).rows).toEqual([{ text: "a" }]);
});
