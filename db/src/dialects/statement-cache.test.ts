import { join } from "node:path";
import { Kysely, sql, SqliteDialect } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../stores/test-store.ts";
import { openConnection } from "./sqlite-connection.ts";
import { StatementCache } from "./statement-cache.ts";

test("a full file says so, whatever SQLite has already rolled back, and takes writes again [SUP-5]", async () => {
  const connection = openConnection(join(await tempDir(), "small.db"));
  connection.exec("create table kept (text text)");
  const db = new Kysely({
    dialect: new SqliteDialect({ database: new StatementCache(connection) }),
  });
  onTestFinished(() => db.destroy());
  const write = () =>
    db.transaction().execute(async (tx) => {
      for (let row = 0; row < 50; row += 1) {
        await sql`insert into kept (text) values (${"x".repeat(4_000)})`.execute(tx);
      }
    });
  connection.pragma("max_page_count = 10");
  await expect(write()).rejects.toMatchObject({ code: "SQLITE_FULL" });
  connection.pragma("max_page_count = 1000000");
  await write();
  expect(connection.prepare("select count(*) as rows from kept").get()).toEqual({ rows: 50 });
});
