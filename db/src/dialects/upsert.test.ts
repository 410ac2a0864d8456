import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../stores/test-store.ts";
import { openSqlite } from "./sqlite.ts";
import { rowWriter } from "./upsert.ts";

test("many rows are written as one after the other would be, in a statement for each power of four", async () => {
  const db = openSqlite(join(await tempDir(), "rows.db"));
  onTestFinished(() => db.destroy());
  await sql`create table lineage_note (note_id text primary key, body text, received_at integer)`.execute(
    db,
  );
  const writer = rowWriter("lineage_note", ["note_id"], {
    note_id: "keep",
    body: "replace",
    received_at: "smaller",
  } as never);
  const row = (n: number, at: number, body = `b${n}`) =>
    ({ note_id: `n${n}`, body, received_at: at }) as never;
  let statements = 0;
  const counting = {
    getExecutor: () => db.getExecutor(),
    executeQuery: (query: Parameters<typeof db.executeQuery>[0]) => {
      statements += 1;
      return db.executeQuery(query) as never;
    },
  };
  const rows = Array.from({ length: 85 }, (_, n) => row(n, 50));
  expect(await writer.writeAll(counting, rows)).toBe(85);
  expect(statements).toBe(4);
  expect(await writer.writeAll(db, [])).toBe(0);
  await writer.writeAll(db, [row(1, 60, "later"), row(1, 40, "last"), row(1, 45, "")]);
  const stored = await sql<{
    note_id: string;
  }>`select * from lineage_note where note_id = 'n1'`.execute(db);
  expect(stored.rows).toEqual([{ note_id: "n1", body: null, received_at: 40 }]);
});
