import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { notification } from "../src/stores/test-incidents.ts";
import { openTestStores } from "../src/stores/test-store.ts";

/** A thread with a connection of its own that takes what is due until nothing is, and says what it took. */
const OWNER = `
  const { parentPort, workerData } = require("node:worker_threads");
  import(workerData.db).then(async ({ openStores }) => {
    const { stores, close } = await openStores({ path: workerData.path, joinSummaries: () => {} });
    parentPort.postMessage("open");
    await new Promise((go) => parentPort.once("message", go));
    const taken = [];
    for (;;) {
      const leased = await stores.outbox.lease(workerData.owner, 2_000, 9_000, 3);
      if (leased.length === 0) break;
      taken.push(...leased.map((row) => row.notificationId));
      const marks = leased.map(({ notificationId }) => ({ notificationId, type: "sent", at: 3_000 }));
      await stores.outbox.mark(workerData.owner, marks);
      // SQLite's lock is not fair: without a pause the first one would take everything.
      await new Promise((next) => setTimeout(next, 5));
    }
    await close();
    parentPort.postMessage(taken);
  });
`;

test("owners that lease at the same time share what is due: no row is taken twice, none is left", async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-db-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, "store.db");
  const { outbox } = await openTestStores(path);
  const ids = Array.from({ length: 60 }, (_, n) => `p${n}`);
  for (const id of ids) await outbox.add(notification(id));
  const db = new URL("../dist/index.js", import.meta.url).href;
  const owners = ["a", "b", "c"].map(
    (owner) => new Worker(OWNER, { eval: true, workerData: { db, path, owner } }),
  );
  await Promise.all(owners.map((owner) => once(owner, "message")));
  const taken = owners.map(async (owner) => {
    owner.postMessage("go");
    const [found] = (await once(owner, "message")) as [string[]];
    return found;
  });
  const all = await Promise.all(taken);
  expect(all.flat().sort()).toEqual(ids.sort());
  expect(all.filter((of) => of.length > 0).length).toBeGreaterThan(1);
  expect(await outbox.counts()).toEqual({
    pending: 0,
    unreached: 0,
    dead: 0,
    oldestPendingAt: null,
  });
});
