import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import {
  jobIdOf,
  joinStoredSummaries,
  partitionOf,
  SAMPLE_JOBS,
  SAMPLE_NAMESPACE,
  type Stores,
} from "@batchwatch/engine";
import { expect, onTestFinished, test } from "vitest";
import { SampleClocks } from "./sample-clocks.ts";

const [FIRST = "", SECOND = ""] = SAMPLE_JOBS.keys();
const idOf = (name: string) => jobIdOf("s", SAMPLE_NAMESPACE, name);

async function addJob(stores: Stores, name: string): Promise<void> {
  const partition = partitionOf(idOf(name));
  const { term } = await stores.partitions.claim([partition]);
  const seen = { ownerTeamId: "ledger", firstSeenAt: 1, lastSeenAt: 1, state: "{}" };
  const job = { jobId: idOf(name), sourceId: "s", namespace: SAMPLE_NAMESPACE, name, ...seen };
  const unit = { partition, job, runs: [], transitions: [], notes: [] };
  await stores.units.save({ term, units: [unit], mark: null });
}

test("the sample's jobs get their clocks once each, when they are known; what a person set stays", async () => {
  const dir = await mkdtemp(join(tmpdir(), "batchwatch-sample-"));
  const opened = await openStores({
    path: join(dir, "store.db"),
    joinSummaries: joinStoredSummaries,
  });
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
  const { stores } = opened;
  await addJob(stores, FIRST);
  const clocks = new SampleClocks(stores.settings, "s");
  await clocks.set(10);
  expect(clocks.waiting).toBe(SAMPLE_JOBS.size - 1);
  await addJob(stores, SECOND);
  await clocks.set(20);
  expect(await stores.settings.get(idOf(SECOND))).toMatchObject({
    clocks: { startGraceMs: 20_000, heartbeatMs: 10_000 },
  });
  const person = { userId: "u", name: "Operator" };
  await stores.settings.configure(idOf(FIRST), { clocks: { heartbeatMs: null } }, person, 30);
  const version = await stores.settings.version();
  const afterRestart = new SampleClocks(stores.settings, "s");
  await afterRestart.set(40);
  expect(await stores.settings.version()).toBe(version);
  expect(afterRestart.waiting).toBe(SAMPLE_JOBS.size - 2);
});
