import { joinStoredSummaries } from "@batchwatch/engine";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { openSqlite } from "../dialects/sqlite.ts";
import { openStores } from "./open-stores.ts";
import { notification } from "./test-incidents.ts";
import { tempDir } from "./test-store.ts";

const NORMAL = 1;
const FULL = 2;

test("a promise waits for the disk, what became of it does not", async () => {
  const path = join(await tempDir(), "outbox.db");
  const { stores, close } = await openStores({ path, joinSummaries: joinStoredSummaries });
  onTestFinished(close);
  const beside = openSqlite(path);
  onTestFinished(() => beside.destroy());
  await sql`create table synced (how integer)`.execute(beside);
  for (const event of ["insert", "update"]) {
    await sql`create trigger ${sql.raw(`after_${event}`)} after ${sql.raw(event)} on notification
      begin insert into synced select synchronous from pragma_synchronous; end`.execute(beside);
  }
  await stores.outbox.add(notification("p1", { leaseOwner: "a", leaseUntil: 9_000 }));
  await stores.outbox.mark("a", [{ notificationId: "p1", type: "sent", at: 20 }]);
  await stores.outbox.add(notification("p2"));
  const { rows } = await sql<{ how: number }>`select how from synced`.execute(beside);
  expect(rows.map(({ how }) => how)).toEqual([FULL, NORMAL, FULL]);
  expect(await stores.outbox.get("p1")).toMatchObject({ state: "SENT" });
});
