import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { tempDir } from "../stores/test-store.ts";
import { fixedQuery } from "./fixed-query.ts";
import { openSqlite } from "./sqlite.ts";

test("each number of values has its text once, and every call its own values, used as often as they stand there", async () => {
  const db = openSqlite(join(await tempDir(), "empty.db"));
  onTestFinished(() => db.destroy());
  let built = 0;
  const listed = fixedQuery((runner, [first = "", ...others]: readonly string[]) => {
    built += 1;
    return runner.selectNoFrom(
      sql<string>`${first} || '/' || ${sql.join(others, sql` || ',' || `)} || '/' || ${first}`.as(
        "text",
      ),
    );
  });
  const text = async (...values: number[]) => (await listed(db, values.map(String)))[0]?.text;
  expect(await text(1, 2)).toBe("1/2/1");
  expect(await text(3, 4)).toBe("3/4/3");
  expect(await text(5, 6, 7)).toBe("5/6,7/5");
  expect(await text(1, 2)).toBe("1/2/1");
  expect(built).toBe(2);
  const many = Array.from({ length: 300 }, (_, n) => n);
  expect(await text(...many)).toBe(await text(...many));
  expect(built).toBe(4);
});
